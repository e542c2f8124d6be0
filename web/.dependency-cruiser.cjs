/** Who may import whom. Features are neighbours that do not speak; pure cores lie at the bottom. Type imports count. */
const FEATURES = "(reading|referral|consult|record|admin)";
const MODULES = "(room|ecg|viewer)";
const ANY_FEATURE = FEATURES.slice(1, -1);

const no = (name, from, to) => ({ name, severity: "error", from, to });

module.exports = {
  forbidden: [
    no("features apart", { path: `^src/${FEATURES}/` }, { path: `^src/${FEATURES}/`, pathNot: "^src/$1/" }),
    no("modules apart", { path: `^src/${MODULES}/` }, { path: `^src/${MODULES}/`, pathNot: "^src/$1/" }),
    no(
      "core is pure",
      { path: `^src/${MODULES}/core/`, pathNot: "\\.test\\.ts$" },
      { pathNot: `^src/${MODULES}/core/` },
    ),
    no(
      "by the index only",
      { pathNot: `^src/${MODULES}/` },
      { path: `^src/${MODULES}/(core|link|view)/`, pathNot: "/index\\.tsx?$" },
    ),
    no(
      "the line has no screen",
      { path: "^src/room/link/", pathNot: "\\.test\\.ts$" },
      { path: ".*", pathNot: "^src/room/(link/|core/index)" },
    ),
    // A part that is fetched by itself has a door of its own.
    no(
      "a feature's door",
      { pathNot: `^src/${FEATURES}/` },
      { path: `^src/${FEATURES}/`, pathNot: [`^src/${FEATURES}/index\\.tsx$`, `^src/${FEATURES}/[^/]+/index\\.tsx$`] },
    ),
    no(
      "below knows nothing above",
      { path: "^src/(api|live|ui|keys|i18n|room|ecg|viewer)/", pathNot: "\\.test\\.tsx?$" },
      { path: `^src/(app|patient|${ANY_FEATURE})/` },
    ),
    no(
      "ui does not fetch",
      { path: "^src/(ui|keys)/", pathNot: "\\.test\\.tsx?$" },
      { path: "^src/(api/(client|resources/)|live/)" },
    ),
    no(
      "only the shell starts the stream",
      { pathNot: "^src/(live|app)/" },
      { path: "^src/live/", pathNot: "^src/live/index\\.ts$" },
    ),
    no(
      "live stands on api",
      { path: "^src/live/", pathNot: "\\.test\\.ts$" },
      { path: "^src/", pathNot: "^src/(live|api)/" },
    ),
    no("api stands alone", { path: "^src/api/", pathNot: "\\.test\\.ts$" }, { path: "^src/", pathNot: "^src/api/" }),
    no("i18n stands alone", { path: "^src/i18n/", pathNot: "\\.test\\.ts$" }, { path: "^src/", pathNot: "^src/i18n/" }),
    no(
      "patient is alone",
      { path: "^src/patient/", pathNot: "\\.test\\.ts$" },
      { path: "^src/", pathNot: "^src/(patient/|room/(core|link)/index|api/generated/)" },
    ),
    no(
      "patient is small",
      { path: "^src/patient/" },
      { path: "node_modules/(react|react-dom|antd|@tanstack|i18next)/", reachable: true },
    ),
    no("cornerstone is lazy", { path: "^src/(?!viewer/view/full/)" }, { path: "node_modules/@cornerstonejs/" }),
    no("doubles stay in tests", { pathNot: "(\\.test\\.tsx?$|^src/testing/)" }, { path: "^src/testing/" }),
    no("no cycles", {}, { circular: true }),
    no("no orphans", { orphan: true, pathNot: "(main\\.tsx$|\\.test\\.|\\.d\\.ts$|^src/testing/setup\\.ts$)" }, {}),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".d.ts"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
