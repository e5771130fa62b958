using System.CommandLine;
using Caller.Platform;
using Caller.Talk;
using Caller.Wire;
using Spectre.Console;

namespace Caller.Commands;

/// <summary><c>caller talk</c>: a conversation, typed or from a script.</summary>
internal sealed class TalkCommand : ServerCommand
{
    private static readonly TalkOptions Defaults = new();

    private readonly Option<string> _instanceId = new("--instance-id") { Description = "The id of the call (IMS: extendData.instanceId), where the platform sends one. Default: random.", HelpName = "id" };
    private readonly Option<string> _channelId = new("--channel-id") { Description = "The channel or room of the call (IMS: extendData.channelId). Default: random.", HelpName = "id" };
    private readonly CallOptions _call = new();
    private readonly Option<string> _transferNumber = new("--transfer-number") { Description = "Where the platform's transfer tool may go, if it says so (vapi). Default +14155550111.", HelpName = "number" };
    private readonly Option<bool> _historySync = new("--history-sync") { Description = "IMS: keep of an interrupted answer what was heard, marked <ims_agent_interrupted>. Without it all that was received is kept, which overstates what was heard." };
    private readonly Option<bool> _speculate = new("--speculate") { Description = "Ask on the first half of each sentence as well, and hang up on that answer, as platforms do that guess what is to come." };
    private readonly Option<bool> _slowTools = new("--slow-tools") { Description = "Speak on before the results of tools are there (pipecat: they are IN_PROGRESS in the next request)." };
    private readonly Option<double> _speechRate = new("--speech-rate") { Description = $"Characters a second at which answers are played, for --history-sync. Default {Defaults.SpeechRate:0}.", HelpName = "n" };
    private readonly Option<string> _hangUpFunction = HangUpFunctionOption(Defaults.HangUpFunction);
    private readonly Option<FileInfo> _say = new("--say") { Description = "Play the turns of this file, one a line; '!3 words' interrupts the answer after 3 pieces.", HelpName = "file" };
    private readonly Option<FileInfo> _record = OutputFile.Option("--record", "Keep everything with timings in this file, as JSON Lines.");
    private readonly Option<TimeSpan> _timeout = Duration.Option("--timeout", "Time one answer may take.", Defaults.Timeout, TimeSpan.FromMinutes(10));

    private TalkCommand(CallerHost host)
        : base(host)
    {
    }

    public static Command Create(CallerHost host)
    {
        var talk = new TalkCommand(host);
        talk._say.AcceptExistingOnly();
        talk._speechRate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1000))
            {
                result.AddError("--speech-rate is to be more than 0 and at most 1000.");
            }
        });
        return talk.Build("talk", "A conversation: each line typed is the caller's speech. Ctrl+C during an answer interrupts it, at the prompt it hangs up.",
        [
            talk._instanceId, talk._channelId, talk._call.UserData, talk._call.CallerNumber, talk._call.CalleeNumber, talk._transferNumber, talk._historySync,
            talk._speculate, talk._slowTools, talk._speechRate, talk._hangUpFunction, talk._say, talk._record, talk._timeout,
        ]);
    }

    protected override async Task<int> ExecuteAsync(ParseResult parsed)
    {
        var target = ReadTarget(parsed);
        IReadOnlyList<SpokenTurn>? script = null;
        if (parsed.GetValue(_say) is { } say && !ScriptedTurns.TryParse(await File.ReadAllLinesAsync(say.FullName), out script, out var error))
        {
            Host.Error.Write(new Text($"--say {say.Name}: {error}\n"));
            return ExitCode.Usage;
        }

        var redactor = new Redactor(target.Key);
        var screen = new TalkScreen(Host.Console, redactor);
        WarnOf(target);
        WarnOfValuesWithoutPlace(parsed, target.Platform);

        if (parsed.GetValue(_call.UserData) is { } userData && JsonReading.Parse(userData) is null)
        {
            Host.Error.Write(new Text("Warning: --user-data is not JSON. It is sent as it is, as a platform would send it.\n"));
        }

        using var recorder = parsed.GetValue(_record) is { } record ? new TalkRecorder(record.Create(), redactor) : null;
        recorder?.Call(target.Endpoint.Turns, Host.Time.GetUtcNow());

        var call = _call.Read(parsed, target, parsed.GetValue(_instanceId) ?? Guid.NewGuid().ToString("N"), parsed.GetValue(_channelId));
        call = parsed.GetValue(_transferNumber) is { } transfer ? call with { Transfer = transfer } : call;
        screen.Note(target.Platform.IsIms
            ? $"Calling {target.Endpoint.Turns.AbsoluteUri} as model {target.Model}, instanceId {call.Id}."
            : $"Calling {target.Endpoint.OfCall(call.Id).AbsoluteUri} as {target.Platform.Name}{(target.Platform.HasPlaceFor("model") ? $", model {target.Model}" : "")}, call {call.Id}{(target.Platform.SendsCallId ? "" : " (which it does not send)")}.");

        var options = new TalkOptions
        {
            HangUpFunction = parsed.GetValue(_hangUpFunction) ?? Defaults.HangUpFunction,
            Speculates = parsed.GetValue(_speculate) && target.Platform.Speculates,
            SlowTools = parsed.GetValue(_slowTools),
            SpeechRate = parsed.GetResult(_speechRate) is null ? Defaults.SpeechRate : parsed.GetValue(_speechRate),
            Timeout = parsed.GetResult(_timeout) is null ? Defaults.Timeout : parsed.GetValue(_timeout),
        };
        var session = new TalkSession(
            new TurnSender(new PlatformClient(Host.Clients, target.Endpoint, Host.Time), target.Platform, Host.Time),
            new Conversation(target.Platform, call, parsed.GetValue(_historySync), Host.Time),
            options,
            screen,
            recorder,
            Host.Interrupts);
        ITurnSource source = script is null ? new TypedTurns(Host.Input, screen.Prompt, Host.InputIsTerminal ? null : screen.Echo) : new ScriptedTurns(script, screen.Said);
        return await session.RunAsync(source) == 0 ? ExitCode.Good : ExitCode.Bad;
    }

    /// <summary>What was given and is not sent, because the platform has no place for it.</summary>
    private void WarnOfValuesWithoutPlace(ParseResult parsed, VoicePlatform platform)
    {
        (Option Option, string[] Values)[] places =
        [
            (_instanceId, ["call", "custom"]), (_channelId, ["channel"]), (_call.UserData, ["userData", "userDataText", "custom"]), (_call.CallerNumber, ["caller"]), (_call.CalleeNumber, ["callee"]),
            (_transferNumber, ["transfer"]),
        ];
        var without = places.Where(place => !place.Values.Any(platform.HasPlaceFor)).Select(place => place.Option)
            .Concat(platform.IsIms ? [] : new Option[] { _historySync, _hangUpFunction })
            .Concat(platform.Speculates ? [] : new Option[] { _speculate })
            .Concat(platform.Unfinished is null ? new Option[] { _slowTools } : []);
        foreach (var option in without.Where(option => parsed.GetResult(option) is { Implicit: false }))
        {
            var advice = option == _instanceId ? "; put {call} into --query or --header" : "";
            Host.Error.Write(new Text($"Warning: {platform.Name} has no place for {option.Name}: it is not used{advice}.\n"));
        }
    }
}
