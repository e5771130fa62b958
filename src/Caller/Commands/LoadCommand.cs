using System.CommandLine;
using System.Globalization;
using Caller.Load;
using Caller.Talk;
using Caller.Wire;
using Spectre.Console;

namespace Caller.Commands;

/// <summary><c>caller load</c>: many calls at once.</summary>
internal sealed class LoadCommand : ServerCommand
{
    private static readonly LoadOptions Defaults = new() { Model = "" };

    private readonly Option<int> _calls = new("--calls") { Description = $"Calls at once; with --rate, the most there may be. Default {Defaults.Calls}, with --rate {LoadOptions.MaxCalls}, which is the most.", HelpName = "n" };
    private readonly Option<double> _rate = new("--rate") { Description = "Open loop: new calls a second, however the server fares. Without it a caller begins anew when a call is over.", HelpName = "n" };
    private readonly Option<int> _turns = new("--turns") { Description = $"Turns of each call. Default {Defaults.Turns}.", HelpName = "n" };
    private readonly Option<TimeSpan> _duration = Duration.Option("--duration", "Time during which turns are begun.", Defaults.Duration, TimeSpan.FromMinutes(60));
    private readonly Option<TimeSpan> _think = Duration.Option("--think", "Time between hearing an answer and speaking again, on average.", Defaults.Think, TimeSpan.FromMinutes(5));
    private readonly Option<TimeSpan> _timeout = Duration.Option("--timeout", "Time one answer may take.", Defaults.Timeout, TimeSpan.FromMinutes(5));
    private readonly Option<FileInfo> _say = new("--say") { Description = "What callers say, one turn a line, instead of small talk.", HelpName = "file" };
    private readonly Option<int> _seed = new("--seed") { Description = "Makes think times repeatable. Default 1.", HelpName = "n" };
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };
    private readonly Option<FileInfo> _plot = OutputFile.Option("--plot", "Draw first speech over time and its distribution into this .png or .svg file.");

    private LoadCommand(CallerHost host)
        : base(host)
    {
    }

    public static Command Create(CallerHost host)
    {
        var load = new LoadCommand(host);
        load._say.AcceptExistingOnly();
        Bound(load._calls, 1, LoadOptions.MaxCalls);
        Bound(load._turns, 1, 1000);
        load._rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= LoadOptions.MaxRate))
            {
                result.AddError($"--rate is to be more than 0 and at most {LoadOptions.MaxRate:0}.");
            }
        });
        load._plot.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo>()?.Extension.ToLowerInvariant() is not (".png" or ".svg"))
            {
                result.AddError("--plot is to be the name of a .png or .svg file.");
            }
        });
        return load.Build("load", "Many calls at once: percentiles of first speech, gaps and turn time, and errors by kind. Ctrl+C ends it with the report.",
        [
            load._calls, load._duration, load._think, load._rate, load._turns,
            load._timeout, load._say, load._seed, load._json, load._plot,
        ]);
    }

    private static void Bound(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < least || result.GetValueOrDefault<int>() > most)
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is to be from {least} to {most}."));
        }
    });

    protected override async Task<int> ExecuteAsync(ParseResult parsed)
    {
        var target = ReadTarget(parsed);
        var speech = Defaults.Speech;
        if (parsed.GetValue(_say) is { } say)
        {
            // A script of talk or test is one of load, too: what is to come of a turn, and when to interrupt it, is left aside.
            if (!ScriptedTurns.TryParse(await File.ReadAllLinesAsync(say.FullName), out var turns, out var error))
            {
                Host.Error.Write(new Text($"--say {say.Name}: {error}\n"));
                return ExitCode.Usage;
            }

            speech = [.. turns.Select(turn => turn.Text)];
        }

        WarnOf(target);

        var options = Read(parsed, target, speech);
        var meter = new LoadMeter();
        var run = new LoadRun(new PlatformClient(Host.Clients, target.Endpoint, Host.Time), options, meter, Host.Time);
        var report = await ShowProgressAsync(run, meter);
        if (parsed.GetValue(_plot) is { } plot)
        {
            LoadPlot.Save(plot.FullName, meter.Samples(), report);
        }

        if (parsed.GetValue(_json))
        {
            LoadJson.Write(Host.Output, new Redactor(target.Key).Clean(target.Endpoint.Turns.AbsoluteUri), options, report);
            Host.Output.Write("\n"u8);
        }
        else
        {
            Host.Console.Write(LoadTable.Of(report));
        }

        return report.Passes ? ExitCode.Good : ExitCode.Bad;
    }

    private LoadOptions Read(ParseResult parsed, Target target, IReadOnlyList<string> speech) => new()
    {
        Model = target.Model,
        Key = target.Key,
        Platform = target.Platform,
        Headers = target.Headers,
        Speech = speech,

        // In an open loop few lines would hold back the calls themselves, and the wait for one would look like the server's.
        Calls = parsed.GetResult(_calls) is not null ? parsed.GetValue(_calls) : parsed.GetResult(_rate) is null ? Defaults.Calls : LoadOptions.MaxCalls,
        Rate = parsed.GetResult(_rate) is null ? null : parsed.GetValue(_rate),
        Turns = parsed.GetResult(_turns) is null ? Defaults.Turns : parsed.GetValue(_turns),
        Duration = parsed.GetResult(_duration) is null ? Defaults.Duration : parsed.GetValue(_duration),
        Think = parsed.GetResult(_think) is null ? Defaults.Think : parsed.GetValue(_think),
        Timeout = parsed.GetResult(_timeout) is null ? Defaults.Timeout : parsed.GetValue(_timeout),
        Seed = parsed.GetResult(_seed) is null ? Defaults.Seed : parsed.GetValue(_seed),
    };

    private async Task<LoadReport> ShowProgressAsync(LoadRun run, LoadMeter meter)
    {
        var stop = Host.Interrupts.End;
        if (Host.Error.Profile.Capabilities.Interactive)
        {
            return await Host.Error.Live(LoadTable.Of(meter.Report(TimeSpan.Zero))).AutoClear(true)
                .StartAsync(live => run.ExecuteAsync(report => live.UpdateTarget(LoadTable.Of(report)), stop));
        }

        var (next, last) = (PlainLineEvery, TimeSpan.Zero);
        return await run.ExecuteAsync(report =>
        {
            // Behind the first turn the time begins anew.
            next = report.Elapsed < last ? PlainLineEvery : next;
            last = report.Elapsed;
            if (report.Elapsed >= next)
            {
                next = report.Elapsed + PlainLineEvery;
                Host.Error.Write(new Text($"{(report.Calls == 0 ? LoadTable.FirstTurnLine(report) : LoadTable.Line(report))}\n"));
            }
        }, stop);
    }
}
