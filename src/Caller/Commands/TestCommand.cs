using System.CommandLine;
using System.Globalization;
using System.Xml.Linq;
using Caller.Platform;
using Caller.Talk;
using Caller.Wire;
using Spectre.Console;

namespace Caller.Commands;

/// <summary><c>caller test</c>: calls from scripts that say what is to come of them, such as before callers are let on a new deployment.</summary>
internal sealed class TestCommand : ServerCommand
{
    private static readonly TalkOptions Defaults = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly Option<FileInfo[]> _calls = new("--call")
    {
        Description = "A script of a call: a turn a line, and below it what is to come: '= words', '!= words', '~ pattern', '< 2.5s', '-> hangup', '-> transfer +49…', '-> nothing'. May be given several times.",
        HelpName = "file",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly CallOptions _call = new();
    private readonly Option<string> _hangUpFunction = HangUpFunctionOption(Defaults.HangUpFunction);
    private readonly Option<FileInfo> _junit = OutputFile.Option("--junit", "Write the result as JUnit XML to this file.");
    private readonly Option<TimeSpan> _timeout = Duration.Option("--timeout", "Time one answer may take.", Defaults.Timeout, TimeSpan.FromMinutes(10));

    private TestCommand(CallerHost host)
        : base(host)
    {
    }

    public static Command Create(CallerHost host)
    {
        var test = new TestCommand(host);
        test._calls.AcceptExistingOnly();
        return test.Build("test", "Plays calls from scripts that say what is to come of each turn, and tells whether it came.",
            [test._calls, test._call.UserData, test._call.CallerNumber, test._call.CalleeNumber, test._hangUpFunction, test._junit, test._timeout]);
    }

    protected override async Task<int> ExecuteAsync(ParseResult parsed)
    {
        var target = ReadTarget(parsed);
        var scripts = new List<(string Name, IReadOnlyList<SpokenTurn> Turns)>();
        foreach (var file in parsed.GetValue(_calls)!)
        {
            if (!ScriptedTurns.TryParse(await File.ReadAllLinesAsync(file.FullName), out var turns, out var error))
            {
                Host.Error.Write(new Text($"--call {file.Name}: {error}\n"));
                return ExitCode.Usage;
            }

            if (turns.All(turn => turn.Expected.Count == 0))
            {
                Host.Error.Write(new Text($"--call {file.Name}: it expects nothing; write below a turn what is to come of it, such as '-> hangup'.\n"));
                return ExitCode.Usage;
            }

            scripts.Add((file.Name, turns));
        }

        WarnOf(target);
        var failures = new List<(string Name, string? Failure)>();
        try
        {
            foreach (var (name, turns) in scripts)
            {
                failures.Add((name, await PlayAsync(parsed, target, name, turns)));
            }
        }
        finally
        {
            // Also of a run that was interrupted: who reads the file must not take what was never played for good.
            if (parsed.GetValue(_junit) is { } junit)
            {
                WriteJUnit(junit, [.. failures, .. scripts.Skip(failures.Count).Select(script => (script.Name, (string?)"not played to its end"))]);
            }
        }

        var failed = failures.Count(call => call.Failure is not null);
        Host.Console.Write(new Text(failed == 0
            ? $"{Calls(failures.Count)} went as expected.\n"
            : $"{failed} of {Calls(failures.Count)} did not go as expected: {string.Join(", ", failures.Where(call => call.Failure is not null).Select(call => call.Name))}.\n"));
        return failed == 0 ? ExitCode.Good : ExitCode.Bad;
    }

    /// <returns>What is wrong; null when nothing is.</returns>
    private async Task<string?> PlayAsync(ParseResult parsed, Target target, string name, IReadOnlyList<SpokenTurn> turns)
    {
        Host.Interrupts.End.ThrowIfCancellationRequested();
        var screen = new TalkScreen(Host.Console, new Redactor(target.Key));
        var call = _call.Read(parsed, target, $"caller-test-{Guid.NewGuid():N}");
        screen.Note($"{name}, call {call.Id}");
        var options = Defaults with
        {
            HangUpFunction = parsed.GetValue(_hangUpFunction) ?? Defaults.HangUpFunction,
            Timeout = parsed.GetResult(_timeout) is null ? Defaults.Timeout : parsed.GetValue(_timeout),
        };
        var script = new ScriptedTurns(turns, screen.Said);
        var failed = await new TalkSession(
            new TurnSender(new PlatformClient(Host.Clients, target.Endpoint, Host.Time), target.Platform, Host.Time),
            new Conversation(target.Platform, call, historySync: true, Host.Time),
            options, screen, null, Host.Interrupts).RunAsync(script);
        if (script.Unsaid is [var unsaid, ..])
        {
            screen.Fails($"the call was over before \"{unsaid.Text}\" could be said");
        }

        return failed > 0 ? $"{failed} of {turns.Count} turns did not go as expected"
            : script.Unsaid.Count > 0 ? $"the call was over {script.Unsaid.Count} turns early"
            : null;
    }

    private static void WriteJUnit(FileInfo file, IReadOnlyCollection<(string Name, string? Failure)> calls)
    {
        using var stream = file.Create();
        new XElement("testsuite",
            new XAttribute("name", "caller test"),
            new XAttribute("tests", calls.Count),
            new XAttribute("failures", calls.Count(call => call.Failure is not null)),
            calls.Select(call => new XElement("testcase", new XAttribute("name", call.Name),
                call.Failure is { } failure ? new XElement("failure", new XAttribute("message", failure)) : null))).Save(stream);
    }

    private static string Calls(int count) => count == 1 ? "1 call" : string.Create(CultureInfo.InvariantCulture, $"{count} calls");
}
