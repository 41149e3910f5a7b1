"use strict";

/*
 * The demo shop. What it says to Datafly.js is the whole of its analytics: calls are pushed, so that it does not
 * matter whether the script has loaded yet. Page views, links and downloads are counted by the script itself.
 */

window.datafly = window.datafly || [];
const tell = (...call) => window.datafly.push(call);
const track = (event, properties) => tell("track", event, properties);

const currency = "EUR";
const home = new URL(".", document.currentScript.src);
const link = (path) => new URL(path, home).href;
const money = (amount) => amount.toLocaleString("en-IE", { style: "currency", currency });
const round = (amount) => Math.round(amount * 100) / 100;
const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const bySku = (sku) => catalogue.find((product) => product.sku === sku);
const byId = (id) => document.getElementById(id);

const shelf = (storage, name) => ({
  get: () => JSON.parse(storage.getItem(`shop.${name}`) || "null"),
  set: (value) => storage.setItem(`shop.${name}`, JSON.stringify(value)),
  clear: () => storage.removeItem(`shop.${name}`),
});
const carts = shelf(localStorage, "cart");
const decisions = shelf(localStorage, "counting");
const customers = shelf(localStorage, "customer");
const orders = shelf(sessionStorage, "order");

/* ---------- what an event says about products ---------- */

const asProduct = ({ sku, name, category, price }, quantity) => ({ product_id: sku, sku, name, category, price, quantity });

const cart = () => carts.get() || { id: `cart-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`, rows: {} };
const cartRows = () => Object.entries(cart().rows).map(([sku, quantity]) => ({ ...bySku(sku), quantity }));
const cartProducts = () => cartRows().map((row) => asProduct(row, row.quantity));

const sums = (coupon) => {
  const goods = round(cartRows().reduce((sum, row) => sum + row.price * row.quantity, 0));
  const discount = coupon === "HELLO10" ? round(goods * 0.1) : 0;
  const shipping = goods === 0 || goods - discount >= 75 ? 0 : 4.9;
  const total = round(goods - discount + shipping);
  return { goods, discount, shipping, total, tax: round(total - total / 1.19) };
};

const change = (sku, by) => {
  const basket = cart();
  const before = basket.rows[sku] || 0;
  const after = Math.max(0, before + by);
  if (after === before) return;
  if (after) basket.rows[sku] = after;
  else delete basket.rows[sku];
  carts.set(basket);
  const about = { cart_id: basket.id, currency, ...asProduct(bySku(sku), Math.abs(after - before)), url: link(`products/${bySku(sku).slug}.html`) };
  track(after > before ? "Product Added" : "Product Removed", about);
  showCount();
};

/* ---------- the frame of every page ---------- */

const showCount = () => {
  const count = cartRows().reduce((sum, row) => sum + row.quantity, 0);
  byId("cart-count").textContent = count;
  byId("cart-link").setAttribute("aria-label", `Cart, ${count} ${count === 1 ? "item" : "items"}`);
};

const frame = () => {
  const customer = customers.get();
  const main = document.querySelector("main");
  main.insertAdjacentHTML(
    "beforebegin",
    `<a class="skip" href="#content">Skip to the content</a>
    <header class="top">
      <a class="brand" href="${link("")}">Northlight</a>
      <form class="search" role="search" action="${link("search.html")}">
        <input type="search" name="find" aria-label="Search the shop" placeholder="Search, for example lamp" required>
        <button>Search</button>
      </form>
      <nav aria-label="Shop">
        <a id="account-link" href="${link("account.html")}">${customer ? escape(customer.name) : "Sign in"}</a>
        <a id="cart-link" href="${link("cart.html")}">Cart <span class="bubble" id="cart-count">0</span></a>
      </nav>
    </header>`,
  );
  main.id = "content";
  main.insertAdjacentHTML(
    "afterend",
    `<footer class="foot">
      <span>Northlight is a demo shop: nothing is ever delivered.</span>
      <a href="${link("care-guide.txt")}" download>Care guide</a>
      <a class="sandbox" href="${escape(document.body.dataset.sandbox || "#")}">See what Matomo received</a>
      <button id="counting" aria-pressed="true"></button>
    </footer>
    <section class="consent" id="consent" aria-label="Your choice" hidden>
      <div>
        <p><strong>May we count your visit?</strong> We learn what people look for. It stays on our own servers.</p>
        <span class="row"><button id="refuse">No, thanks</button><button class="primary" id="accept">Yes, count me</button></span>
      </div>
    </section>`,
  );
  showCount();
};

/** The visitor's choice: kept by the shop, told to Datafly.js, which obeys it. */
const consent = () => {
  const show = () => {
    const decision = decisions.get();
    byId("consent").hidden = decision !== null;
    byId("counting").setAttribute("aria-pressed", decision !== false);
    byId("counting").textContent = decision === false ? "Counting is off" : "Counting is on";
  };
  const decide = (analytics) => {
    decisions.set(analytics);
    tell("consent", { analytics });
    show();
  };
  byId("accept").addEventListener("click", () => decide(true));
  byId("refuse").addEventListener("click", () => decide(false));
  byId("counting").addEventListener("click", () => decide(decisions.get() === false));
  if (decisions.get() !== null) tell("consent", { analytics: decisions.get() });
  show();
};

/* ---------- pages ---------- */

const card = (product) => `<li class="card">
  <a href="${link(`products/${product.slug}.html`)}">${product.picture}
    <div class="words"><h2>${product.name}</h2><span class="price">${money(product.price)}</span> <span class="soft">${product.category}</span></div>
  </a>
  <button data-add="${product.sku}" aria-label="Add ${product.name} to the cart">Add to cart</button>
</li>`;

const addable = (within) =>
  within.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add]");
    if (!button) return;
    change(button.dataset.add, 1);
    button.textContent = "Added";
  });

const listPage = (main) => {
  const chosen = new URLSearchParams(location.search).get("category");
  const category = categories.includes(chosen) ? chosen : undefined;
  const shown = catalogue.filter((product) => !category || product.category === category);
  if (category) document.title = `${category} · Northlight`;
  const chip = (label, value) =>
    `<a href="${link(value ? `?category=${value}` : "")}"${value === category ? ' aria-current="page"' : ""}>${label}</a>`;
  main.innerHTML = `
    <section class="hero" data-track-content data-content-name="Welcome" data-content-piece="hero" data-content-target="${link("products/halo-lamp.html")}">
      <h1>Good light, slow things</h1>
      <p>Eight objects that make an evening longer. Ten per cent off your first order with the code HELLO10.</p>
    </section>
    <nav class="chips" aria-label="Categories">${chip("Everything")}${categories.map((name) => chip(name, name)).join("")}</nav>
    <ul class="grid">${shown.map(card).join("")}</ul>`;
  addable(main);
  track("Product List Viewed", { list_id: "assortment", category: category || "Everything", currency, products: shown.map((product) => asProduct(product, 1)) });
};

const productPage = (main) => {
  const product = bySku(document.body.dataset.sku);
  main.innerHTML = `<article class="product">
    ${product.picture}
    <div>
      <p class="soft"><a href="${link(`?category=${product.category}`)}">${product.category}</a></p>
      <h1>${product.name}</h1>
      <p class="price">${money(product.price)}</p>
      <p>${product.text}</p>
      <div class="row"><button class="primary" id="add" data-add="${product.sku}">Add to cart</button><a class="button" href="${link("cart.html")}">View cart</a></div>
    </div>
  </article>`;
  addable(main);
  track("Product Viewed", { ...asProduct(product, 1), currency });
};

const searchPage = (main) => {
  const query = (new URLSearchParams(location.search).get("find") || "").trim();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = catalogue.filter((product) => words.every((word) => `${product.name} ${product.category} ${product.text}`.toLowerCase().includes(word)));
  const shown = words.length ? found : [];
  main.innerHTML = `<h1>${shown.length} found for “${escape(query)}”</h1>
    ${shown.length ? `<ul class="grid">${shown.map(card).join("")}</ul>` : `<p>Nothing here by that name. <a href="${link("")}">See everything</a>.</p>`}`;
  document.querySelector(".search input").value = query;
  addable(main);
  if (words.length) track("Products Searched", { query, count: shown.length });
};

const sumLines = ({ goods, discount, shipping, total, tax }) => `<dl class="sums">
  <dt>Goods</dt><dd>${money(goods)}</dd>
  ${discount ? `<dt>Discount</dt><dd>−${money(discount)}</dd>` : ""}
  <dt>Shipping</dt><dd>${shipping ? money(shipping) : "free"}</dd>
  <dt class="total">Total</dt><dd class="total">${money(total)}</dd>
  <dt class="soft">of which VAT</dt><dd class="soft">${money(tax)}</dd>
</dl>`;

const empty = `<p>Your cart is empty. <a href="${link("")}">Find something slow</a>.</p>`;

const cartPage = (main) => {
  const draw = () => {
    const rows = cartRows();
    main.innerHTML = `<h1>Your cart</h1>${
      rows.length
        ? `<div class="panel">${rows
            .map(
              (row) => `<div class="line">
          ${row.picture}
          <div><a href="${link(`products/${row.slug}.html`)}">${row.name}</a>
            <div class="quantity">
              <button data-less="${row.sku}" aria-label="One ${row.name} less">−</button>
              <output>${row.quantity}</output>
              <button data-more="${row.sku}" aria-label="One ${row.name} more">+</button>
              <button class="quiet" data-drop="${row.sku}">Remove</button>
            </div></div>
          <span class="price">${money(row.price * row.quantity)}</span>
        </div>`,
            )
            .join("")}${sumLines(sums())}
        <a class="button primary" id="checkout" href="${link("checkout.html")}">Go to checkout</a></div>`
        : empty
    }`;
  };
  main.addEventListener("click", (event) => {
    const { less, more, drop } = event.target.dataset;
    if (less) change(less, -1);
    if (more) change(more, 1);
    if (drop) change(drop, -cart().rows[drop]);
    if (less || more || drop) draw();
  });
  draw();
  track("Cart Viewed", { cart_id: cart().id, currency, products: cartProducts() });
};

const checkoutPage = (main) => {
  if (!cartRows().length) {
    main.innerHTML = `<h1>Checkout</h1>${empty}`;
    return;
  }
  main.innerHTML = `<h1>Checkout</h1><form class="panel fields" id="order">
    <label>Name <input name="name" autocomplete="name" required value="${escape(customers.get()?.name || "")}"></label>
    <label>Address <input name="address" autocomplete="street-address" required></label>
    <label>Discount code <input name="coupon" autocomplete="off" placeholder="HELLO10"></label>
    <div id="sums">${sumLines(sums())}</div>
    <button class="primary">Place the order</button>
    <p class="soft">No payment is taken and no address is sent anywhere.</p>
  </form>`;
  const form = byId("order");
  const coupon = () => form.coupon.value.trim().toUpperCase();
  form.coupon.addEventListener("input", () => (byId("sums").innerHTML = sumLines(sums(coupon()))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { goods, discount, shipping, total, tax } = sums(coupon());
    orders.set({
      order_id: `NL-${Date.now().toString(36).toUpperCase()}`,
      cart_id: cart().id,
      revenue: total,
      subtotal: round(goods - discount),
      tax,
      shipping,
      discount,
      coupon: discount ? coupon() : undefined,
      currency,
      products: cartProducts(),
    });
    carts.clear();
    location.href = link("thanks.html");
  });
  track("Checkout Started", { cart_id: cart().id, revenue: sums().total, currency, products: cartProducts() });
};

const thanksPage = (main) => {
  const order = orders.get();
  if (!order) {
    main.innerHTML = `<h1>No order yet</h1>${empty}`;
    return;
  }
  main.innerHTML = `<section class="panel"><h1>Thank you</h1>
    <p>Order <strong id="order-id">${order.order_id}</strong> over <strong>${money(order.revenue)}</strong> is on its way, in spirit.</p>
    <ul>${order.products.map((product) => `<li>${product.quantity} × ${product.name}</li>`).join("")}</ul>
    <a class="button primary" href="${link("")}">Back to the shop</a></section>`;
  // Told once; a reload shows the page again, and an order counts once by its number anyway.
  if (!order.told) track("Order Completed", { ...order, url: location.href });
  orders.set({ ...order, told: true });
};

const accountPage = (main) => {
  const customer = customers.get();
  if (customer) {
    main.innerHTML = `<section class="panel"><h1>Hello, ${escape(customer.name)}</h1><p>You are signed in as <strong>${escape(customer.id)}</strong>.</p>
      <button id="leave">Sign out</button></section>`;
    byId("leave").addEventListener("click", () => {
      customers.clear();
      tell("reset");
      location.reload();
    });
    return;
  }
  main.innerHTML = `<form class="panel fields" id="enter"><h1>Sign in</h1>
    <label>Name <input name="name" autocomplete="name" required></label>
    <label>Plan <select name="plan"><option>basic</option><option>friend</option></select></label>
    <button class="primary">Sign in</button><p class="soft">There is no password: this is a demo.</p></form>`;
  byId("enter").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = event.target.elements.name.value.trim();
    const id = `customer-${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
    customers.set({ id, name });
    tell("identify", id, { plan: event.target.elements.plan.value });
    location.href = link("");
  });
};

const pages = { list: listPage, product: productPage, search: searchPage, cart: cartPage, checkout: checkoutPage, thanks: thanksPage, account: accountPage };

frame();
consent();
pages[document.body.dataset.page](document.querySelector("main"));
