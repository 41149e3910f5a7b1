"use strict";

/* The assortment. Prices are in euros. Pictures are drawn, so that the shop loads nothing from anywhere. */

const picture = (backdrop, drawing) =>
  `<svg viewBox="0 0 240 200" role="img" aria-hidden="true" focusable="false"><rect width="240" height="200" fill="${backdrop}"/>${drawing}</svg>`;

const catalogue = [
  {
    sku: "NL-LAMP-01",
    slug: "halo-lamp",
    name: "Halo table lamp",
    category: "Light",
    price: 89,
    text: "A ring of warm light on a foot of oiled oak. Dims with a touch, remembers how you like it.",
    picture: picture(
      "#f3e6d0",
      `<circle cx="120" cy="84" r="70" fill="#fbd98a" opacity=".35"/><circle cx="120" cy="84" r="46" fill="none" stroke="#e9a93a" stroke-width="12"/><circle cx="120" cy="84" r="46" fill="none" stroke="#fff4d6" stroke-width="4"/><rect x="114" y="128" width="12" height="36" fill="#8a5a34"/><rect x="84" y="162" width="72" height="12" rx="6" fill="#6f4526"/>`,
    ),
  },
  {
    sku: "NL-LANT-02",
    slug: "harbour-lantern",
    name: "Harbour lantern",
    category: "Light",
    price: 42.5,
    text: "For evenings outside: a storm-proof lantern with a candle that is really an LED, and forty hours of battery.",
    picture: picture(
      "#dfe8ec",
      `<path d="M98 40a22 22 0 0 1 44 0" fill="none" stroke="#35505c" stroke-width="6"/><path d="M84 62h72l-12-22H96z" fill="#35505c"/><rect x="90" y="62" width="60" height="84" fill="#fff3cf" stroke="#35505c" stroke-width="6"/><path d="M120 128c-14-10-10-22 0-38 10 16 14 28 0 38z" fill="#f0a13b"/><path d="M120 126c-6-6-4-12 0-20 4 8 6 14 0 20z" fill="#fff0b8"/><rect x="80" y="146" width="80" height="16" rx="4" fill="#35505c"/>`,
    ),
  },
  {
    sku: "NL-MUG-03",
    slug: "tide-mug",
    name: "Tide mug",
    category: "Table",
    price: 18,
    text: "Thrown by hand, glazed twice. The waterline is never the same on two mugs.",
    picture: picture(
      "#e5ece4",
      `<path d="M156 84h18a22 22 0 0 1 0 48h-18" fill="none" stroke="#2f6a6b" stroke-width="12"/><path d="M76 62h84v76a24 24 0 0 1-24 24h-36a24 24 0 0 1-24-24z" fill="#f8f4ea"/><path d="M76 108c14-12 28 10 42 0s28-10 42 0v30a24 24 0 0 1-24 24h-36a24 24 0 0 1-24-24z" fill="#3d8a8b"/><ellipse cx="118" cy="62" rx="42" ry="9" fill="#5b3a27"/><path d="M104 44c-8-10 8-14 0-26M128 44c-8-10 8-14 0-26" fill="none" stroke="#b9c4bd" stroke-width="5" stroke-linecap="round"/>`,
    ),
  },
  {
    sku: "NL-BOWL-04",
    slug: "orchard-bowl",
    name: "Orchard bowl",
    category: "Table",
    price: 36,
    text: "Turned from one piece of ash. Big enough for a week of apples.",
    picture: picture(
      "#f6e3dc",
      `<circle cx="92" cy="88" r="26" fill="#c8452f"/><circle cx="144" cy="84" r="28" fill="#d9663a"/><circle cx="118" cy="74" r="26" fill="#9fb23f"/><path d="M118 50c0-10 6-14 12-16" stroke="#5b3a27" stroke-width="5" fill="none" stroke-linecap="round"/><path d="M44 96h152c0 46-34 72-76 72s-76-26-76-72z" fill="#b98550"/><path d="M44 96h152l-2 12H46z" fill="#d3a26b"/>`,
    ),
  },
  {
    sku: "NL-THRW-05",
    slug: "meadow-throw",
    name: "Meadow throw",
    category: "Living",
    price: 74,
    text: "Lambswool from one valley, woven in the next. Warm without weight.",
    picture: picture(
      "#e9e4f1",
      `<path d="M46 50h148v84H46z" fill="#6b5a94"/><path d="M46 64h148M46 92h148M46 120h148" stroke="#f2c14e" stroke-width="7"/><path d="M74 50v84M120 50v84M166 50v84" stroke="#8f7fbb" stroke-width="7" opacity=".8"/><path d="M52 134v22M68 134v22M84 134v22M100 134v22M116 134v22M132 134v22M148 134v22M164 134v22M180 134v22" stroke="#6b5a94" stroke-width="5" stroke-linecap="round"/>`,
    ),
  },
  {
    sku: "NL-PLNT-06",
    slug: "window-fern",
    name: "Window fern",
    category: "Living",
    price: 27.9,
    text: "Forgives a forgotten week. Comes in a pot of unglazed clay that tells you when it is thirsty.",
    picture: picture(
      "#dcebdc",
      `<g fill="none" stroke="#3f7d46" stroke-width="9" stroke-linecap="round"><path d="M120 124C118 84 96 62 66 58"/><path d="M120 124c2-40 24-62 54-66"/><path d="M120 124c-4-34-4-66 0-96"/><path d="M120 124c-20-26-44-32-66-26"/><path d="M120 124c20-26 44-32 66-26"/></g><path d="M84 118h72l-10 52H94z" fill="#c56b45"/><rect x="78" y="110" width="84" height="18" rx="4" fill="#d9825a"/>`,
    ),
  },
  {
    sku: "NL-CLCK-07",
    slug: "slow-clock",
    name: "Slow clock",
    category: "Living",
    price: 119,
    text: "One hand, no hurry. It shows the time to about five minutes, which is enough.",
    picture: picture(
      "#f1ece2",
      `<circle cx="120" cy="100" r="74" fill="#2d3a3a"/><circle cx="120" cy="100" r="62" fill="#fbf8f1"/><g stroke="#2d3a3a" stroke-width="5" stroke-linecap="round"><path d="M120 48v10M120 142v10M68 100h10M162 100h10"/></g><path d="M120 100l30-34" stroke="#d9663a" stroke-width="8" stroke-linecap="round"/><circle cx="120" cy="100" r="7" fill="#d9663a"/>`,
    ),
  },
  {
    sku: "NL-BOOK-08",
    slug: "quiet-notebook",
    name: "Quiet notebook",
    category: "Table",
    price: 14.5,
    text: "A hundred and sixty pages that lie flat, and paper that does not mind a fountain pen.",
    picture: picture(
      "#dbe6f3",
      `<path d="M76 40h96a8 8 0 0 1 8 8v108a8 8 0 0 1-8 8H76z" fill="#274c77"/><rect x="64" y="40" width="20" height="124" rx="4" fill="#1b365d"/><rect x="104" y="66" width="56" height="30" rx="3" fill="#f3efe2"/><path d="M112 76h40M112 86h26" stroke="#274c77" stroke-width="4"/><path d="M152 164v18l8-7 8 7v-18z" fill="#d9663a"/>`,
    ),
  },
];

const categories = [...new Set(catalogue.map((product) => product.category))];
