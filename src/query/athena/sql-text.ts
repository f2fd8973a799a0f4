/** How the queries write columns and texts. */
import { fieldNamed } from '../../records/fields.ts';

/** A field as the table names it: AWS's own DDL has underscores. */
export function tableColumn(field: string): string {
  const name = field.replaceAll('-', '_');
  // Words of SQL, or functions, in one of the dialects.
  return name === 'start' || name === 'end' ? `"${name}"` : name;
}

/** A field as the query names it, behind `flows`. */
export function columnOf(field: string): string {
  // greatest() of a NULL is not the same everywhere.
  if (field === 'duration') {
    return '(CASE WHEN end_time > start_time THEN end_time - start_time WHEN end_time <= start_time THEN 0 END)';
  }
  return field === 'start' || field === 'end' ? `${field}_time` : field.replaceAll('-', '_');
}

export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Whether a field's values are numbers. */
export function isNumeric(field: string): boolean {
  const type = fieldNamed(field)?.type;
  return type === 'number' || type === 'time';
}
