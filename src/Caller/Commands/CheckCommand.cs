using System.CommandLine;
using System.Globalization;
using System.Text;
using Caller.Check;
using Caller.Wire;
using Spectre.Console;

namespace Caller.Commands;

/// <summary><c>caller check</c>: whether a server will work on a call.</summary>
internal sealed class CheckCommand
{
    private static readonly CheckOptions Defaults = new() { Model = "" };

    private readonly Option<bool> _list = new("--list") { Description = "Print the checks and make no request." };
    private readonly Option<bool> _brief = new("--brief") { Description = "Show only the checks that do not hold." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };
    private readonly Option<FileInfo> _junit = OutputFile.Option("--junit", "Write the report as JUnit XML to this file.");
    private readonly Option<FileInfo> _html = OutputFile.Option("--html", "Write the report as one HTML page to this file.");
    private readonly Option<FileInfo> _svg = OutputFile.Option("--svg", "Write what the terminal shows as a picture to this file.");
    private readonly Option<string> _wrongModel = new("--wrong-model") { Description = $"A model id the server does not know. Default {Defaults.WrongModel}.", HelpName = "id" };
    private readonly Option<string> _hangUpText = new("--hangup-text") { Description = "Something said that makes this server hang up without being offered tools.", HelpName = "text" };
    private readonly Option<string> _hangUpFunction = new("--hangup-function") { Description = $"The function the platform maps to hanging up. Default {Defaults.HangUpFunction}.", HelpName = "name" };
    private readonly Option<TimeSpan> _timeout = Duration.Option("--timeout", "Time one answer may take.", Defaults.Timeout, TimeSpan.FromMinutes(5));
    private readonly Option<TimeSpan> _deadline = Duration.Option("--deadline", "Time the whole run may take.", Defaults.Deadline, TimeSpan.FromMinutes(60));
    private readonly Option<TimeSpan> _firstSpeech = Duration.Option("--first-speech", "Time to first speech that is still fine.", Defaults.FirstSpeech, TimeSpan.FromMinutes(1));
    private readonly Option<TimeSpan> _gap = Duration.Option("--gap", "Silence inside an answer that is still fine.", Defaults.Gap, TimeSpan.FromMinutes(1));
    private readonly Option<int> _parallel = new("--parallel") { Description = $"Calls at once, 2 to {CheckRun.Markers.Count}. Default {Defaults.Parallel}.", HelpName = "n" };
    private readonly CallerHost _host;
    private readonly TargetOptions _target;

    private CheckCommand(CallerHost host)
    {
        _host = host;
        _target = new TargetOptions(host.Environment, _list);
    }

    public static Command Create(CallerHost host)
    {
        var check = new CheckCommand(host);
        var command = new Command("check", $"Tells whether a server will work on a call: {CheckCatalogue.All.Count} checks, each with what to do about it.");
        check._target.AddTo(command);
        foreach (var option in new Option[]
        {
            check._list, check._brief, check._json, check._junit, check._html, check._svg, check._wrongModel, check._hangUpText, check._hangUpFunction,
            check._timeout, check._deadline, check._firstSpeech, check._gap, check._parallel,
        })
        {
            command.Options.Add(option);
        }

        check._parallel.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 2 || result.GetValueOrDefault<int>() > CheckRun.Markers.Count)
            {
                result.AddError($"--parallel is to be from 2 to {CheckRun.Markers.Count}.");
            }
        });
        command.SetAction((parsed, _) => check.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        if (parsed.GetValue(_list))
        {
            List(parsed.GetValue(_json));
            return ExitCode.Good;
        }

        var target = _target.Read(parsed);
        if (target.Endpoint.Warning is { } warning)
        {
            _host.Error.Write(new Text($"Warning: {warning}\n"));
        }

        var options = Read(parsed, target);
        var run = new CheckRun(new PlatformClient(_host.Clients, target.Endpoint, _host.Time), options, _host.Time);
        var report = await ShowProgressAsync(run);
        WriteFiles(parsed, report);
        if (parsed.GetValue(_json))
        {
            CheckJson.Write(_host.Output, report);
            _host.Output.Write("\n"u8);
        }
        else
        {
            CheckTable.Write(_host.Console, report, parsed.GetValue(_brief));
        }

        return report.Passes ? ExitCode.Good : ExitCode.Bad;
    }

    private CheckOptions Read(ParseResult parsed, Target target) => new()
    {
        Model = target.Model,
        Key = target.Key,
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
        if (!_host.Error.Profile.Capabilities.Interactive)
        {
            return await run.ExecuteAsync(null, _host.Interrupts.End);
        }

        var answered = 0;
        return await _host.Error.Status().StartAsync("asking", status =>
            run.ExecuteAsync(name => status.Status(Markup.Escape($"{++answered} answered, the last: {name}")), _host.Interrupts.End));
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

    private void List(bool json)
    {
        if (json)
        {
            CheckJson.WriteList(_host.Output);
            _host.Output.Write("\n"u8);
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("check").NoWrap()).AddColumn("level").AddColumn("contract");
        foreach (var check in CheckCatalogue.All)
        {
            table.AddRow(new Text(check.Id), new Text(check.Level == CheckLevel.Required ? "required" : "advised"), new Text(check.Contract));
        }

        _host.Console.Write(table);
        _host.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{CheckCatalogue.All.Count} checks, {CheckCatalogue.All.Count(check => check.Level == CheckLevel.Required)} of them required."));
    }
}
