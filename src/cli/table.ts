/** Columns for a terminal. */

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Rows below their titles, columns two blanks apart; the last column is not padded. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => row[i].length)));
  return all.map((row) =>
    row
      .map((cell, i) =>
        columns[i].align === 'right' ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
      )
      .join('  ')
      .trimEnd(),
  );
}
