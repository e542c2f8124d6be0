/** The composition root: language, theme, account, routes. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { startI18n } from "../i18n/init.ts";
import { AppearanceProvider } from "./appearance.tsx";
import { AppBoundary } from "./boundaries/AppBoundary.tsx";
import { lend } from "./older.ts";
import { makeRouter } from "./routes.tsx";
import { AccountProvider } from "./session.tsx";

const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no #root");

lend(Array.prototype);
await startI18n();
createRoot(place).render(
  <StrictMode>
    <AppBoundary>
      <AppearanceProvider>
        <AccountProvider>
          <RouterProvider router={makeRouter()} />
        </AccountProvider>
      </AppearanceProvider>
    </AppBoundary>
  </StrictMode>,
);
