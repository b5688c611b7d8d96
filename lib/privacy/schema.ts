import { z } from "zod";
import { whys } from "./journal.ts";
import { type RuleName, ruleNames } from "./rules.ts";
