import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./elements/tokens.css";
import "./elements/base.css";
import { App } from "./shell/app.tsx";

const place = document.getElementById("app");
if (place === null) throw new Error("the page has no place for the app");
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
