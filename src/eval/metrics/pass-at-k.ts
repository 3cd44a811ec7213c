/** pass@k of the software-engineering suites. */

/**
 * The chance that one of k samples, drawn without putting back from n of which c passed, is a pass: 1 - C(n - c, k) / C(n, k),
 * the unbiased estimator of Chen et al., Evaluating Large Language Models Trained on Code (arXiv 2107.03374, figure 3), as
 * a product so that nothing overflows. NaN where fewer than k samples were drawn.
 */
export function passAtK({ n, c, k }: { n: number; c: number; k: number }): number {
  if (n < k) return Number.NaN;
  if (n - c < k) return 1;
  let allFail = 1;
  for (let i = n - c + 1; i <= n; i++) allFail *= 1 - k / i;
  return 1 - allFail;
}
