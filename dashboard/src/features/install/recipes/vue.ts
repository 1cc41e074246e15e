import { msg, t } from "../../../lib/i18n";
import { type Recipe, tag } from "../recipe";

export const vue: Recipe = {
  key: "vue",
  title: msg("Vue"),
  steps: (target) => [
    {
      text: t(
        'Put the line into index.html. Every router counts by itself; one that uses # needs data-hash="true" on the tag.',
      ),
      code: { label: "index.html", text: tag(target) },
    },
    {
      text: t("Events of your own come from any component:"),
      code: {
        label: "SignUp.vue",
        text: `<script setup>
const signUp = () => window.clew?.("track", "Signup", { plan: "pro" });
</script>

<template>
  <button @click="signUp">Sign up</button>
</template>`,
      },
    },
  ],
};
