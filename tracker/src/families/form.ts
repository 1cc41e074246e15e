import { startForms } from "../builder/start";
import { ownTag } from "./tag";

/** `/form.js`: the site's own forms, in the places that the page has for them. */
startForms(ownTag(["data-form"], /\/form\.js$/), true);
