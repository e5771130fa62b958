using System.CommandLine;
using System.Globalization;
using Caller.Platform;
using Caller.Talk;
using Caller.Wire;
using Spectre.Console;

namespace Caller.Commands;

/// <summary><c>caller talk</c>: a conversation, typed or from a script.</summary>
internal sealed class TalkCommand : ServerCommand
{
    private static readonly TalkOptions Defaults = new();

    private readonly Option<string> _instanceId = new("--instance-id") { Description = "extendData.instanceId. Default: random.", HelpName = "id" };
    private readonly Option<string> _channelId = new("--channel-id") { Description = "extendData.channelId. Default: random.", HelpName = "id" };
    private readonly Option<string> _userData = new("--user-data") { Description = "extendData.userData, sent as text, usually JSON.", HelpName = "json" };
    private readonly Option<string> _callerNumber = new("--caller-number") { Description = "extendData.callerNumber, as on a phone call.", HelpName = "number" };
    private readonly Option<string> _calleeNumber = new("--callee-number") { Description = "extendData.calleeNumber, as on a phone call.", HelpName = "number" };
    private readonly Option<bool> _historySync = new("--history-sync") { Description = "Keep of an interrupted answer what was heard, marked <ims_agent_interrupted>. Without it all that was received is kept, which overstates what was heard." };
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
            talk._instanceId, talk._channelId, talk._userData, talk._callerNumber, talk._calleeNumber, talk._historySync,
            talk._speechRate, talk._hangUpFunction, talk._say, talk._record, talk._timeout,
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

        if (parsed.GetValue(_userData) is { } userData && JsonReading.Parse(userData) is null)
        {
            Host.Error.Write(new Text("Warning: --user-data is not JSON. It is sent as it is, as a platform would send it.\n"));
        }

        using var recorder = parsed.GetValue(_record) is { } record ? new TalkRecorder(record.Create(), redactor) : null;
        recorder?.Call(target.Endpoint.Turns, Host.Time.GetUtcNow());

        var call = new ExtendData(
            parsed.GetValue(_instanceId) ?? Guid.NewGuid().ToString("N"),
            parsed.GetValue(_channelId) ?? Random.Shared.Next(100, 1_000_000).ToString(CultureInfo.InvariantCulture),
            1,
            parsed.GetValue(_userData),
            parsed.GetValue(_callerNumber),
            parsed.GetValue(_calleeNumber));
        screen.Note($"Calling {target.Endpoint.Turns.AbsoluteUri} as model {target.Model}, instanceId {call.InstanceId}.");

        var options = new TalkOptions
        {
            Key = target.Key,
            HangUpFunction = parsed.GetValue(_hangUpFunction) ?? Defaults.HangUpFunction,
            SpeechRate = parsed.GetResult(_speechRate) is null ? Defaults.SpeechRate : parsed.GetValue(_speechRate),
            Timeout = parsed.GetResult(_timeout) is null ? Defaults.Timeout : parsed.GetValue(_timeout),
        };
        var session = new TalkSession(
            new PlatformClient(Host.Clients, target.Endpoint, Host.Time),
            new Conversation(target.Model, call, parsed.GetValue(_historySync)),
            options,
            screen,
            recorder,
            Host.Interrupts);
        ITurnSource source = script is null ? new TypedTurns(Host.Input, screen.Prompt, Host.InputIsTerminal ? null : screen.Echo) : new ScriptedTurns(script, screen.Said);
        return await session.RunAsync(source) == 0 ? ExitCode.Good : ExitCode.Bad;
    }
}
