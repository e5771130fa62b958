using System.CommandLine;
using System.Globalization;
using System.Text;
using Caller.Check;
using Caller.Platform;
using Caller.Wire;
using Spectre.Console;

namespace Caller.Commands;

/// <summary><c>caller check</c>: whether a server will work on a call.</summary>
internal sealed class CheckCommand : ServerCommand
{
    private static readonly CheckOptions Defaults = new() { Model = "" };

    private readonly Option<bool> _list;
    private readonly Option<bool> _brief = new("--brief") { Description = "Show only the checks that do not hold." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };
    private readonly Option<FileInfo> _junit = OutputFile.Option("--junit", "Write the report as JUnit XML to this file.");
    private readonly Option<FileInfo> _html = OutputFile.Option("--html", "Write the report as one HTML page to this file.");
    private readonly Option<FileInfo> _svg = OutputFile.Option("--svg", "Write what the terminal shows as a picture to this file.");
    private readonly Option<string> _wrongModel = new("--wrong-model") { Description = $"A model id the server does not know. Default {Defaults.WrongModel}.", HelpName = "id" };
    private readonly Option<string> _hangUpText = new("--hangup-text") { Description = "Something said that makes this server hang up without being offered tools.", HelpName = "text" };
    private readonly Option<string> _hangUpFunction = HangUpFunctionOption(Defaults.HangUpFunction);
    private readonly Option<TimeSpan> _timeout = Duration.Option("--timeout", "Time one answer may take.", Defaults.Timeout, TimeSpan.FromMinutes(5));
    private readonly Option<TimeSpan> _deadline = Duration.Option("--deadline", "Time the whole run may take.", Defaults.Deadline, TimeSpan.FromMinutes(60));
    private readonly Option<TimeSpan> _firstSpeech = Duration.Option("--first-speech", "Time to first speech that is still fine.", Defaults.FirstSpeech, TimeSpan.FromMinutes(1));
    private readonly Option<TimeSpan> _gap = Duration.Option("--gap", "Silence inside an answer that is still fine.", Defaults.Gap, TimeSpan.FromMinutes(1));
    private readonly Option<int> _parallel = new("--parallel") { Description = $"Calls at once, 2 to {CheckRun.Markers.Count}. Default {Defaults.Parallel}.", HelpName = "n" };

    private CheckCommand(CallerHost host, Option<bool> list)
        : base(host, optionalWith: list) => _list = list;

    public static Command Create(CallerHost host)
    {
        var check = new CheckCommand(host, new("--list") { Description = "Print the checks and make no request." });
        check._parallel.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 2 || result.GetValueOrDefault<int>() > CheckRun.Markers.Count)
            {
                result.AddError($"--parallel is to be from 2 to {CheckRun.Markers.Count}.");
            }
        });
        return check.Build("check", $"Tells whether a server will work on a call: {CheckCatalogue.For(VoicePlatforms.Ims).Count} checks, and others with --platform, each with what to do about it.",
        [
            check._list, check._brief, check._json, check._junit, check._html, check._svg, check._wrongModel,
            check._hangUpText, check._hangUpFunction, check._timeout, check._deadline, check._firstSpeech, check._gap, check._parallel,
        ]);
    }

    protected override async Task<int> ExecuteAsync(ParseResult parsed)
    {
        if (parsed.GetValue(_list))
        {
            List(parsed.GetValue(_json), CheckCatalogue.For(ReadPlatform(parsed)));
            return ExitCode.Good;
        }

        var target = ReadTarget(parsed);
        WarnOf(target);

        var options = Read(parsed, target);
        Host.Error.Write(new Text($"Asking {new Redactor(target.Key).Clean(target.Endpoint.Turns.AbsoluteUri)}, question after question, for {Judging.Seconds(options.Deadline)} at most.\n"));
        var run = new CheckRun(new PlatformClient(Host.Clients, target.Endpoint, Host.Time), options, Host.Time);
        var report = await ShowProgressAsync(run);
        WriteFiles(parsed, report);
        if (parsed.GetValue(_json))
        {
            CheckJson.Write(Host.Output, report);
            Host.Output.Write("\n"u8);
        }
        else
        {
            CheckTable.Write(Host.Console, report, parsed.GetValue(_brief));
        }

        return report.Passes ? ExitCode.Good : ExitCode.Bad;
    }

    private CheckOptions Read(ParseResult parsed, Target target) => new()
    {
        Model = target.Model,
        Key = target.Key,
        Platform = target.Platform,
        Headers = target.Headers,
        WrongModel = parsed.GetValue(_wrongModel) ?? Defaults.WrongModel,
        HangUpText = parsed.GetValue(_hangUpText),
        HangUpFunction = parsed.GetValue(_hangUpFunction) ?? Defaults.HangUpFunction,
        Timeout = parsed.GetResult(_timeout) is null ? Defaults.Timeout : parsed.GetValue(_timeout),
        Deadline = parsed.GetResult(_deadline) is null ? Defaults.Deadline : parsed.GetValue(_deadline),
        FirstSpeech = parsed.GetResult(_firstSpeech) is null ? Defaults.FirstSpeech : parsed.GetValue(_firstSpeech),
        Gap = parsed.GetResult(_gap) is null ? Defaults.Gap : parsed.GetValue(_gap),
        Parallel = parsed.GetResult(_parallel) is null ? Defaults.Parallel : parsed.GetValue(_parallel),
    };

    private async Task<CheckReport> ShowProgressAsync(CheckRun run)
    {
        var answered = 0;
        if (!Host.Error.Profile.Capabilities.Interactive)
        {
            var last = "";
            using var timer = new PeriodicTimer(PlainLineEvery, Host.Time);
            var watching = WatchAsync(timer, () => answered == 0 ? "no answer yet" : $"{answered} answered, the last: {last}");
            try
            {
                return await run.ExecuteAsync(name => (answered, last) = (answered + 1, name), Host.Interrupts.End);
            }
            finally
            {
                timer.Dispose();
                await watching;
            }
        }

        return await Host.Error.Status().StartAsync("asking", status =>
            run.ExecuteAsync(name => status.Status(Markup.Escape($"{++answered} answered, the last: {name}")), Host.Interrupts.End));
    }

    private async Task WatchAsync(PeriodicTimer timer, Func<string> state)
    {
        // Until it is disposed.
        while (await timer.WaitForNextTickAsync())
        {
            Host.Error.Write(new Text($"{state()}\n"));
        }
    }

    private void WriteFiles(ParseResult parsed, CheckReport report)
    {
        if (parsed.GetValue(_junit) is { } junit)
        {
            using var file = junit.Create();
            CheckJUnit.Write(file, report);
        }

        if (parsed.GetValue(_html) is { } html)
        {
            using var file = new StreamWriter(html.Create(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            CheckHtml.Write(file, report);
        }

        if (parsed.GetValue(_svg) is { } svg)
        {
            File.WriteAllText(svg.FullName, SvgPicture.Of("caller check", console => CheckTable.Write(console, report, parsed.GetValue(_brief))));
        }
    }

    private void List(bool json, IReadOnlyList<Check.Check> checks)
    {
        if (json)
        {
            CheckJson.WriteList(Host.Output, checks);
            Host.Output.Write("\n"u8);
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("check").NoWrap()).AddColumn("level").AddColumn("contract");
        foreach (var check in checks)
        {
            table.AddRow(new Text(check.Id), new Text(check.Level == CheckLevel.Required ? "required" : "advised"), new Text(check.Contract));
        }

        Host.Console.Write(table);
        Host.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{checks.Count} checks, {checks.Count(check => check.Level == CheckLevel.Required)} of them required."));
    }
}
