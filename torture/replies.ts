/** What the server says: at each stage, for now and for good, of the recipient and of us. */
import type { Act, Step } from "./conduct.ts";
import type { Fault } from "./faults.ts";
import type { Scene } from "./scene.ts";

const say = (reply: string): Act => ({ kind: "say", reply });

/** Connections end so that new ones hear what is said at their beginning. */
function greetAnew(scene: Scene, step: Step, lines: string[]) {
  for (const line of lines) scene.conduct.arm(step, say(line), 1);
  scene.conduct.hangUps += lines.length + 1;
}

export const replies: readonly Fault[] = [
  {
    name: "slow replies",
    early: true,
    run: ({ conduct, random }) => {
      const wait = (milliseconds: number, taken: boolean): Act => ({ kind: "wait", milliseconds, taken });
      conduct.arm("end", wait(random.between(100, 900), true), 12, 150);
      conduct.arm("end", wait(random.between(100, 900), false), 12, 170);
      conduct.arm("rcpt", wait(random.between(100, 900), false), 10, 190);
    },
  },
  {
    name: "refused greeting",
    run: (scene) =>
      greetAnew(scene, "banner", [
        "421 4.3.2 Service not available, closing transmission channel",
        "554 5.7.1 No SMTP service here",
      ]),
  },
  {
    name: "refused EHLO",
    run: (scene) =>
      greetAnew(scene, "ehlo", [
        "451 4.3.0 Temporary server error",
        "451 4.3.0 Temporary server error",
        "550 5.7.0 Go away",
        "550 5.7.0 Go away",
      ]),
  },
  {
    name: "refused MAIL",
    run: ({ conduct }) => {
      conduct.arm("mail", say("451 4.3.0 Temporary server error, please try again later"), 12, 5);
      conduct.arm("mail", say("452 4.3.1 Insufficient system storage"), 8, 7);
      conduct.arm(
        "mail",
        say("553 5.7.1 <lettre@iut.example>: Sender address rejected: not owned by user src"),
        3,
      );
    },
  },
  {
    name: "refused RCPT",
    early: true,
    run: ({ conduct }) => {
      conduct.refuse({ permanent: 0.03, temporary: 0.06 });
      conduct.arm(
        "rcpt",
        say(
          "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
        ),
        4,
        60,
      );
    },
  },
  {
    name: "refused DATA",
    early: true,
    run: ({ conduct }) => {
      conduct.refuse({ permanent: 0.02, temporary: 0.02 });
      conduct.arm("data", say("451 4.3.0 Mail server temporarily rejected message"), 15, 40);
    },
  },
  {
    name: "refused message",
    run: ({ conduct }) => {
      conduct.refuse({ permanent: 0.02, temporary: 0.03 });
      conduct.arm("end", say("451 4.3.0 Error: queue file write error"), 10, 30);
      conduct.arm("end", say("552 5.3.4 Message size exceeds fixed limit"), 1, 25);
      conduct.arm("end", say("550 5.7.1 This message was classified as spam"), 1, 55);
    },
  },
  {
    name: "daily quota",
    run: ({ conduct }) => {
      const over = say(
        "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com/a/answer/166852",
      );
      conduct.arm("end", over, 3);
      conduct.arm("mail", over, 2, 40);
    },
  },
  {
    name: "unusual rate",
    run: ({ conduct }) => {
      conduct.arm(
        "mail",
        say("421 4.7.28 Gmail has detected an unusual rate of mail originating from your IP address"),
        2,
      );
      conduct.arm("end", say("421 4.7.28 Gmail has detected an unusual rate of mail"), 2, 30);
    },
  },
  {
    name: "too many logins",
    prepare: (setup) => {
      setup.login = true;
    },
    run: (scene) =>
      greetAnew(scene, "auth", [
        "454 4.7.0 Too many login attempts, please try again later",
        "535 5.7.8 Username and Password not accepted",
      ]),
  },
];
