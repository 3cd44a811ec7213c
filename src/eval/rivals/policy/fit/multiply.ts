/** Products of dense matrices, row after row in one array: what training a perceptron spends its time on. */

export interface Shape {
  readonly rows: number;
  readonly columns: number;
  /** The length of a row of both factors. */
  readonly inner: number;
}

/**
 * `a` (rows × inner) · `b`ᵀ (columns × inner), rows × columns. In tiles of 2 × 4, so that a number that is loaded is used more than once. A
 * tile over the edge computes the last row or column again.
 */
export function multiply(
  a: Float32Array,
  b: Float32Array,
  { rows, columns, inner }: Shape,
): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 2) {
    const below = Math.min(row + 1, rows - 1);
    const [x, y] = [row * inner, below * inner];
    for (let column = 0; column < columns; column += 4) {
      const c1 = Math.min(column + 1, columns - 1);
      const c2 = Math.min(column + 2, columns - 1);
      const c3 = Math.min(column + 3, columns - 1);
      const [p, q, r, s] = [column * inner, c1 * inner, c2 * inner, c3 * inner];
      let x0 = 0;
      let x1 = 0;
      let x2 = 0;
      let x3 = 0;
      let y0 = 0;
      let y1 = 0;
      let y2 = 0;
      let y3 = 0;
      for (let k = 0; k < inner; k++) {
        const u = a[x + k] ?? 0;
        const v = a[y + k] ?? 0;
        const b0 = b[p + k] ?? 0;
        const b1 = b[q + k] ?? 0;
        const b2 = b[r + k] ?? 0;
        const b3 = b[s + k] ?? 0;
        x0 += u * b0;
        x1 += u * b1;
        x2 += u * b2;
        x3 += u * b3;
        y0 += v * b0;
        y1 += v * b1;
        y2 += v * b2;
        y3 += v * b3;
      }
      const [above, under] = [row * columns, below * columns];
      out[above + column] = x0;
      out[above + c1] = x1;
      out[above + c2] = x2;
      out[above + c3] = x3;
      out[under + column] = y0;
      out[under + c1] = y1;
      out[under + c2] = y2;
      out[under + c3] = y3;
    }
  }
  return out;
}

/** `matrix` (rows × columns) as columns × rows. */
export function transpose(
  matrix: Float32Array,
  { rows, columns }: Pick<Shape, "rows" | "columns">,
): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = matrix[row * columns + column] ?? 0;
  }
  return out;
}
