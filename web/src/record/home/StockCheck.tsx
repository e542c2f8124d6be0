/** Each medicine and device by name: here, delivered by the county, or missing. */
import { useTranslation } from "react-i18next";
import { Choices } from "../../ui/Choices.tsx";
import { ANSWERS, type Answer, type Stock } from "./stock.ts";

interface Props {
  readonly names: readonly string[];
  readonly stock: Stock;
  readonly onStock: (stock: Stock) => void;
}

export function StockCheck({ names, stock, onStock }: Props) {
  const { t } = useTranslation();
  return (
    <ul className="hm-stock">
      {names.map((name) => {
        const answer = stock[name];
        return (
          <li key={name} className="hm-stock-row">
            <span>{name}</span>
            <Choices<Answer>
              label={t("township.stockOf", { name })}
              quiet
              look="segments"
              options={ANSWERS.map((value) => ({ value, label: t(`township.answer.${value}`) }))}
              chosen={answer === undefined ? [] : [answer]}
              onChange={([value = "missing"]) => {
                onStock({ ...stock, [name]: value });
              }}
            />
          </li>
        );
      })}
    </ul>
  );
}
