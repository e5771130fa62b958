using System.CommandLine;
using Caller.Platform;
using Spectre.Console;

namespace Caller.Commands;

/// <summary>What the commands have in common: each calls a server.</summary>
/// <param name="host">The world around.</param>
/// <param name="optionalWith">An option that makes the server unnecessary.</param>
internal abstract class ServerCommand(CallerHost host, Option<bool>? optionalWith = null)
{
    /// <summary>How often a command says how it fares where nothing can be drawn over.</summary>
    protected static readonly TimeSpan PlainLineEvery = TimeSpan.FromSeconds(5);

    private readonly TargetOptions _target = new(host.Environment, optionalWith);

    protected CallerHost Host { get; } = host;

    protected static Option<string> HangUpFunctionOption(string @default) =>
        new("--hangup-function") { Description = $"The function the platform maps to hanging up. Default {@default}.", HelpName = "name" };

    protected Command Build(string name, string description, IEnumerable<Option> options)
    {
        var command = new Command(name, description);
        _target.AddTo(command);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, _) => ExecuteAsync(parsed));
        return command;
    }

    protected abstract Task<int> ExecuteAsync(ParseResult parsed);

    protected Target ReadTarget(ParseResult parsed) => _target.Read(parsed);

    protected VoicePlatform ReadPlatform(ParseResult parsed) => _target.ReadPlatform(parsed);

    protected void WarnOf(Target target)
    {
        foreach (var warning in target.Warnings)
        {
            Host.Error.Write(new Text($"Warning: {warning}\n"));
        }
    }
}
