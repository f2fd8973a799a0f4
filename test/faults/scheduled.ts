import type fc from 'fast-check';
import type { World } from './world.ts';

/** Makes every call of a world wait, before and after it happens, until the scheduler lets it go on. */
export function schedule(world: World, scheduler: fc.Scheduler): World {
  const { faults } = world;
  const wrap = faults.wrap.bind(faults);
  faults.wrap = (port, name, process) => interleaved(wrap(port, name, process), name, scheduler);
  return world;
}

function interleaved<T extends object>(port: T, name: string, scheduler: fc.Scheduler): T {
  return new Proxy(port, {
    get(target, key) {
      const member = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), `before ${name}.${String(key)}`);
        const answer = await member.apply(target, args);
        await scheduler.schedule(Promise.resolve(), `after ${name}.${String(key)}`);
        return answer;
      };
    },
  });
}
