// Two small rules over our stylesheets, so that one tokens file serves every theme and every phone.

/**
 * Expands `@dark { … }` into the dark theme by the device's wish and by the person's switch.
 * Nested braces are not allowed inside: it holds custom properties only.
 */
export function themed(css) {
  return css.replace(
    /@dark\s*\{([^{}]*)\}/g,
    (_, body) =>
      `@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {${body}} }\n` +
      `@media screen { :root[data-theme="dark"] {${body}} }`,
  );
}

/** Writes `oklch(L% C H)` and `oklch(L% C H / A)` as hex: every colour we use lies within sRGB, and old phones read it. */
export function plainColours(css) {
  return css.replace(
    /oklch\(\s*([\d.]+)%\s+([\d.]+)\s+([\d.]+)(?:\s*\/\s*([\d.]+))?\s*\)/g,
    (_, light, chroma, hue, alpha) => hex(Number(light) / 100, Number(chroma), Number(hue), alpha),
  );
}

// Björn Ottosson's OKLab (2020) to linear sRGB, then the sRGB transfer curve of IEC 61966-2-1.
function hex(light, chroma, hue, alpha) {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const channels = linear.map((value) => {
    const clipped = Math.min(1, Math.max(0, value));
    const curved = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(curved * 255);
  });
  if (alpha !== undefined) {
    return `rgba(${channels.join(", ")}, ${alpha})`;
  }
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
