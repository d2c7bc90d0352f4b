/** What a cart comes to. Its last item is broken, on purpose. */
export function totalOf(prices: readonly (number | undefined)[]): number {
  return prices.reduce<number>((sum, price) => sum + priceOf(price), 0)
}

function priceOf(price: number | undefined): number {
  if (price === undefined) throw new RangeError('an item has no price')
  return price
}
