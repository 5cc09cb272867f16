import theme from "vitepress/theme";
import { h } from "vue";
import picture from "../picture.json";
// oxlint-disable-next-line import/no-unassigned-import -- Vite adds the styles to the page
import "./style.css";

/** The picture of site/landing.ts is between the greeting and the features. */
const afterHero = () => h("div", { class: "picture", innerHTML: picture });

// oxlint-disable-next-line import/no-default-export -- VitePress reads the default export
export default { extends: theme, Layout: () => h(theme.Layout, null, { "home-hero-after": afterHero }) };
