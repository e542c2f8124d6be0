/** A key as printed on the keyboard. Decoration beside a word: the key table and its help are what is spoken. */
import "./forms.css";

export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className="kbd" aria-hidden="true">
      {keys}
    </kbd>
  );
}
