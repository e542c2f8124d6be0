/** A card with a heading; the heading names the region. */
import { useId, type ReactNode } from "react";
import "./notes.css";

interface Props {
  readonly title: string;
  /** Quiet words after the title. */
  readonly aside?: ReactNode;
  /** At the right end of the head. */
  readonly actions?: ReactNode;
  /** Without padding, for lists and tables that reach the edge. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

export function Panel({ title, aside, actions, flush = false, children }: Props) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <span className="mut s13">{aside}</span>}
        <span className="sp" />
        {actions}
      </div>
      {flush ? children : <div className="card-body">{children}</div>}
    </section>
  );
}
