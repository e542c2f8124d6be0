/** `/login`: the road from the village to the county, and the way in. The emergency number is always there. */
import { useQuery } from "@tanstack/react-query";
import { Phone, ShieldCheck } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";
import { sessions } from "../../api/resources/session.ts";
import { LanguageSwitch } from "../../ui/LanguageSwitch.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { Note } from "../../ui/Note.tsx";
import { useAppearance } from "../appearance.tsx";
import { useAccount } from "../session.tsx";
import { SignInForm } from "./SignInForm.tsx";
import "./sign-in.css";

const ROAD = "M70 820C200 800 190 690 320 680S470 590 450 500 560 380 640 350";

function Valley() {
  const { t } = useTranslation();
  return (
    <svg className="valley" viewBox="0 0 720 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="720" height="900" fill="#0C2F2E" />
      <path d="M0 620C120 560 180 640 300 590S520 470 720 520V900H0z" fill="#103C3A" />
      <path d="M0 700C140 650 240 740 380 690S600 600 720 640V900H0z" fill="#14504D" />
      <path d="M0 790C160 750 260 820 420 780S620 730 720 750V900H0z" fill="#196560" />
      <path d={ROAD} fill="none" stroke="#7AD8D1" strokeWidth="4" strokeLinecap="round" />
      <path d={ROAD} fill="none" stroke="#0C2F2E" strokeWidth="1.4" strokeDasharray="10 12" />
      <g fill="#F2C230">
        <circle cx="70" cy="820" r="9" />
        <circle cx="320" cy="680" r="9" />
        <circle cx="640" cy="350" r="11" />
      </g>
      <g fill="#E0F1EF" fontSize="17">
        <text x="92" y="846">
          {t("app.signIn.village")}
        </text>
        <text x="342" y="704">
          {t("app.signIn.township")}
        </text>
        <text x="640" y="326" textAnchor="end">
          {t("app.signIn.hospital")}
        </text>
      </g>
    </svg>
  );
}

function Poster() {
  const { t } = useTranslation();
  return (
    <aside className="poster">
      <Valley />
      <div className="poster-words">
        <div className="row g12 poster-name">
          <Logo size={52} />
          {t("app.name")}
        </div>
        <p className="poster-slogan">
          {t("app.signIn.slogan1")}
          <br />
          {t("app.signIn.slogan2")}
        </p>
        <p className="poster-county">{t("app.signIn.county")}</p>
      </div>
    </aside>
  );
}

/** Where the person wanted to go before being asked who they are; only a place of ours. */
function wanted(state: unknown): string {
  const from = (state as { from?: unknown } | null)?.from;
  return typeof from === "string" && from.startsWith("/") && !from.startsWith("//") ? from : "/";
}

export function SignInPage() {
  const { t } = useTranslation();
  const account = useAccount();
  const location = useLocation();
  const session = useQuery(sessions.current);
  const { askDark } = useAppearance();
  useEffect(() => {
    askDark(false);
    document.title = `${t("app.signIn.title")} · ${t("app.name")}`;
  }, [askDark, t]);
  if (session.data) return <Navigate to={wanted(location.state)} replace />;
  return (
    <div className="sign-in">
      <Poster />
      <main className="sign-in-side">
        <div className="sign-in-form">
          <div>
            <h1>{t("app.signIn.title")}</h1>
            <p className="sub">{t("app.signIn.hint")}</p>
          </div>
          <SignInForm onEntered={account.enter} />
          <Note icon={Phone}>
            {t("app.signIn.emergency")}{" "}
            <a href="tel:120">
              <b>{t("app.signIn.emergencyNumber")}</b>
            </a>
          </Note>
        </div>
        <footer className="sign-in-foot">
          <ShieldCheck aria-hidden="true" />
          {t("app.signIn.audited")}
          <span aria-hidden="true">·</span>
          <LanguageSwitch />
        </footer>
      </main>
    </div>
  );
}
