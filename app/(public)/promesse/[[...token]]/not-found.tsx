export { IncompleteLink as default } from "../../incomplete-link";
