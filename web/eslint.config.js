/** Lint: the compiler's strictest checks, and our architecture where imports cannot show it. Zero warnings. */
import js from "@eslint/js";
import query from "@tanstack/eslint-plugin-query";
import i18next from "eslint-plugin-i18next";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import testingLibrary from "eslint-plugin-testing-library";
import tseslint from "typescript-eslint";

const CLOCK = "Time comes from api/clock.ts: now(), instant(), civil().";
const SIZES = {
  "max-lines": ["error", { max: 250, skipBlankLines: false, skipComments: false }],
  "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
  complexity: ["error", 8],
};

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/generated"] },
  {
    files: ["src/**/*.{ts,tsx}", "vite*.config.ts"],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      reactHooks.configs.flat["recommended-latest"],
      jsxA11y.flatConfigs.strict,
      query.configs["flat/recommended"],
    ],
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json", "./tsconfig.node.json"], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...SIZES,
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // `a || b` over optional texts is what we mean: an empty text is no text.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true } }],
      "no-console": "error",
      "no-restricted-globals": [
        "error",
        { name: "fetch", message: "Ask through api/client.ts." },
        { name: "EventSource", message: "The only stream is live/stream.ts." },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date']", message: CLOCK },
        { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: CLOCK },
        {
          selector: "CallExpression[callee.property.name='randomUUID']",
          message: "Exists on HTTPS and localhost only: newKey().",
        },
      ],
    },
  },
  {
    files: ["src/**/*.tsx"],
    ignores: ["**/*.test.tsx", "src/testing/**"],
    plugins: { i18next },
    rules: {
      "i18next/no-literal-string": [
        "error",
        {
          mode: "jsx-only",
          "jsx-attributes": { include: ["title", "label", "placeholder", "alt", "aria-label", "aria-description"] },
          message: "Words stand in i18n/zh-CN.",
        },
      ],
    },
  },
  // The gallery is for developers, in words of its own.
  { files: ["src/app/kit/**"], rules: { "i18next/no-literal-string": "off", "max-lines-per-function": "off" } },
  { files: ["src/api/clock.ts", "src/testing/**", "**/*.test.{ts,tsx}"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["src/live/stream.ts", "src/room/link/probe.ts", "src/patient/text.ts"],
    rules: { "no-restricted-globals": "off" },
  },
  {
    files: ["**/*.test.{ts,tsx}"],
    extends: [testingLibrary.configs["flat/react"]],
    rules: { "max-lines-per-function": "off" },
  },
  // Data, not code: catalogues and the theme are as long as what they list.
  {
    files: ["src/i18n/{zh-CN,en}/*.ts", "src/keys/bindings.ts", "src/ui/theme/antd.ts"],
    rules: { "max-lines": "off" },
  },
);
