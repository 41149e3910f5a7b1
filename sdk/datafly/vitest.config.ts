import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { VERSION: JSON.stringify("0.0.0-test") },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "https://shop.example.com/start?utm_source=news&utm_campaign=spring", width: 1440, height: 900 } },
    include: ["test/**/*.test.ts"],
  },
});
