using System.CommandLine;
using Spectre.Console;

namespace Caller.Commands;

/// <summary>The command line as a whole.</summary>
internal static class CallerApp
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CallerHost host)
    {
        var root = new RootCommand("Plays a voice platform against an OpenAI-compatible model server: talk to it, test calls on it, check it, load it.");
        root.Subcommands.Add(TalkCommand.Create(host));
        root.Subcommands.Add(TestCommand.Create(host));
        root.Subcommands.Add(CheckCommand.Create(host));
        root.Subcommands.Add(LoadCommand.Create(host));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                host.Error.Write(new Text($"{error.Message}\n"));
            }

            host.Error.Write(new Text($"Try: caller {parsed.CommandResult.Command.Name} --help\n".Replace("caller caller", "caller", StringComparison.Ordinal)));
            return ExitCode.Usage;
        }

        try
        {
            // Ctrl+C means something else in each command: the library's own handling is off.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, host.Interrupts.End);
        }
        catch (OperationCanceledException) when (host.Interrupts.End.IsCancellationRequested)
        {
            host.Error.Write(new Text("Interrupted.\n"));
            return ExitCode.Bad;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            host.Error.Write(new Text($"{failure.Message}\n"));
            return ExitCode.Bad;
        }
    }
}
