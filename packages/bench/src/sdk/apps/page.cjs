/** Twenty small records, about two kilobytes of JSON. */
exports.page = (id) => ({
  id,
  items: Array.from({ length: 20 }, (_, index) => ({
    index,
    title: `Item ${index} of ${id}`,
    price: index * 1.5,
    tags: ['a', 'b'],
  })),
})
