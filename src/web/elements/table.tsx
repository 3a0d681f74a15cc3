import type { ReactNode } from "react";
import { inOrder, type Sorted } from "../services/sorted.ts";
import "./table.css";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly number?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Upwards; absent: the table is not sorted by it. */
  readonly order?: (a: Row, b: Row) => number;
}

interface TableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly id: (row: Row) => string;
  /** By which column; null: as the rows come. */
  readonly sorted?: Sorted | null;
  /** Absent: it cannot be sorted. */
  onSort?: (sorted: Sorted | null) => void;
}

/** A real table; the first column names the row. In a narrow window it scrolls in its own box. */
export function Table<Row>({ caption, columns, rows, id, sorted = null, onSort }: TableProps<Row>): ReactNode {
  const ordered = inOrder(rows, sorted, Object.fromEntries(columns.map(({ key, order }) => [key, order])));
  return (
    // A box that scrolls is reached by the keyboard.
    <div className="table-box" tabIndex={0} role="region" aria-label={caption}>
      <table className="table">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.number === true ? "number" : undefined} aria-sort={sorted?.key === column.key ? (sorted.down ? "descending" : "ascending") : undefined}>
                {onSort === undefined || column.order === undefined ? (
                  column.title
                ) : (
                  <button type="button" className="sort" onClick={() => onSort(nextSorted(column, sorted))}>
                    {column.title} <span aria-hidden="true">{sorted?.key === column.key ? (sorted.down ? "▼" : "▲") : "↕"}</span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered.map((row) => (
            <tr key={id(row)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} className={column.number === true ? "number" : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Numbers begin with the largest, words with the first; then the other way; then as the rows come. */
function nextSorted<Row>({ key, number = false }: Column<Row>, sorted: Sorted | null): Sorted | null {
  if (sorted?.key !== key) return { key, down: number };
  return sorted.down === number ? { key, down: !number } : null;
}
