// Predictive personal queue: what the tenant and each of its users can choose (PRODUCT.md section 3).

export const ppqSortings = [
  { value: 'callback_asc', label: 'Call Back Time Ascending' },
  { value: 'weight_desc', label: 'Weight Descending, Then Call Back Time Ascending' },
] as const;

export type PpqSorting = (typeof ppqSortings)[number]['value'];

/** A ratio from 1.0 to 5.0 with one decimal place at the most, comma or dot, as tenths; undefined for anything else. */
export function readRatio(text: string): number | undefined {
  if (!/^[1-5]([.,]\d)?$/.test(text)) return undefined;
  const tenths = Math.round(Number(text.replace(',', '.')) * 10);
  return tenths <= 50 ? tenths : undefined;
}

/** Tenths as people write a ratio: 15 -> 1.5. */
export function ratioText(tenths: number): string {
  return (tenths / 10).toFixed(1);
}
