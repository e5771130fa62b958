using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class AuthenticationChecks
{
    private static readonly string[] Refusals =
        [ProbeNames.WrongKey, ProbeNames.NoKey, ProbeNames.MalformedKey, ProbeNames.EmptyBearer, ProbeNames.WrongKeyBadBody];

    public static readonly IReadOnlyList<Check> All =
    [
        new("auth.right-key", Required,
            "The key configured at the platform is accepted as Authorization: Bearer <key>.",
            Sources.Bearer, "Compare with the key given here; look for white space around the configured one.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status switch
            {
                0 => Verdict.NotApplicable("no answer at all"),
                401 or 403 => Verdict.Failed(Judging.Describe(exchange)),
                _ => Verdict.Held(seen.Options.Key is null ? "answered without a key" : "accepted"),
            }))
        { Of = platform => platform.BearsKey },
        new("auth.wrong-key", Required,
            "A wrong key is refused with 401 (or 403).",
            Sources.Bearer, "Check the key on every request before anything else.",
            seen => seen.WithKey(() => seen.Refuses(ProbeNames.WrongKey, 401, 403))),
        new("auth.no-key", Required,
            "A request without a key is refused with 401 (or 403).",
            Sources.Bearer, "Treat a missing Authorization header as a wrong key.",
            seen => seen.WithKey(() => seen.Refuses(ProbeNames.NoKey, 401, 403))),
        new("auth.malformed", Required,
            "A malformed header, Authorization: X, is refused with a client error, not with a crash.",
            Sources.Bearer, "Do not split the header without looking whether it has two parts.",
            seen => seen.WithKey(() => seen.Refuses(ProbeNames.MalformedKey, 400, 401, 403)))
        { Of = platform => platform.BearsKey },
        new("auth.empty", Required,
            "An empty key, Authorization: Bearer, is refused with a client error.",
            Sources.Bearer, "An empty key equals no configured key, not even an unset one.",
            seen => seen.WithKey(() => seen.Refuses(ProbeNames.EmptyBearer, 400, 401, 403)))
        { Of = platform => platform.BearsKey },
        new("auth.scheme-case", Advised,
            "The name of the scheme is case-insensitive: bearer is Bearer.",
            Sources.Http, "Compare the scheme without regard to case.",
            seen => seen.WithKey(() => seen.Accepts(ProbeNames.LowerCaseBearer)))
        { Of = platform => platform.BearsKey },
        new("auth.challenge", Advised,
            "A 401 carries a WWW-Authenticate header.",
            Sources.Http, "Send WWW-Authenticate: Bearer.",
            seen => seen.WithKey(() => seen.On(ProbeNames.WrongKey, exchange => exchange.Status == 401
                ? Verdict.Unless(exchange.Header("www-authenticate") is null ? "none" : null, exchange.Header("www-authenticate") ?? "")
                : Verdict.NotApplicable($"status {exchange.Status}"))))
        { Of = platform => platform.BearsKey },
        new("auth.before-body", Advised,
            "The key is judged before the body: a stranger learns nothing of what the server would accept.",
            Sources.Bearer, "Check the key before parsing.",
            seen => seen.WithKey(() => seen.Refuses(ProbeNames.WrongKeyBadBody, 401, 403))),
        new("auth.key-not-shown", Required,
            "A refusal does not repeat the key, neither the wrong one nor the right one.",
            Sources.ErrorHandling, "Leave keys out of messages, or show the last four letters at most.",
            seen => seen.WithKey(() =>
            {
                var made = seen.Probes.Where(probe => Refusals.Contains(probe.Name)).ToList();
                return made.Count == 0 ? seen.On(ProbeNames.WrongKey, _ => Verdict.Held("")) : Verdict.Unless(
                    made.Find(probe => Shows(probe.Exchange, seen.Options.Key!))?.Name is { } name ? $"the answer to \"{name}\" shows a key" : null,
                    $"not in {made.Count} answers");
            })),
    ];

    private static Verdict WithKey(this Observations seen, Func<Verdict> judge) =>
        seen.Options.Key is null ? Verdict.NotApplicable("no --key given") : judge();

    private static bool Shows(Exchange exchange, string key) =>
        new[] { new Redactor(key), new Redactor(CheckRun.WrongKey) }.Any(secret => secret.Shows(exchange.BodyText) || exchange.Headers.Values.Any(secret.Shows));
}
