/** Names, colours and values of a chart's series, in the panel's head. */
export function Legend({ items }: { items: readonly { label: string; colour: string; value: string }[] }) {
  return (
    <ul className="legend">
      {items.map((item) => (
        <li key={item.label}>
          <span className="swatch" style={{ background: `var(--${item.colour})` }} aria-hidden="true" />
          {item.label} <b>{item.value}</b>
        </li>
      ))}
    </ul>
  )
}
