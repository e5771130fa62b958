using System.CommandLine;
using System.Globalization;
using Caller.Platform;

namespace Caller.Commands;

/// <summary>The options that say who calls, of the commands that make a call.</summary>
internal sealed class CallOptions
{
    public Option<string> UserData { get; } = new("--user-data") { Description = "What was passed when the call was started (IMS: extendData.userData, as text), usually JSON.", HelpName = "json" };

    public Option<string> CallerNumber { get; } = new("--caller-number") { Description = "The caller's number (IMS: extendData.callerNumber), as on a phone call.", HelpName = "number" };

    public Option<string> CalleeNumber { get; } = new("--callee-number") { Description = "The number that was called (IMS: extendData.calleeNumber), as on a phone call.", HelpName = "number" };

    /// <param name="parsed">The command line.</param>
    /// <param name="target">Who is called.</param>
    /// <param name="id">The id of the call.</param>
    /// <param name="channel">That of its channel; null for any.</param>
    public CallFacts Read(ParseResult parsed, Target target, string id, string? channel = null) =>
        new(target.Model, id, channel ?? Random.Shared.Next(100, 1_000_000).ToString(CultureInfo.InvariantCulture))
        {
            UserData = parsed.GetValue(UserData),
            Caller = parsed.GetValue(CallerNumber),
            Callee = parsed.GetValue(CalleeNumber),
            Key = target.Key,
            Headers = target.Headers,
        };
}
