using System.Text;
using Caller.Commands;
using Caller.Tests.Servers;
using Spectre.Console;

namespace Caller.Tests.Commands;

/// <summary>Runs the tool in this process, without a terminal.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly WatchedWriter _console = new();
    private readonly StringWriter _error = new();
    private readonly MemoryStream _output = new();

    public string Console => _console.ToString();

    public string Error => _error.ToString();

    public string Output => Encoding.UTF8.GetString(_output.ToArray());

    public Interrupts Interrupts { get; } = new();

    public TextReader Input { get; init; } = TextReader.Null;

    public int Width { get; init; } = 200;

    public string? KeyVariable { get; init; }

    public Task<int> RunAsync(params string[] args) => CallerApp.RunAsync(args, new CallerHost(
        TestClients.Factory,
        TimeProvider.System,
        Plain(_console),
        Plain(_error),
        Input,
        InputIsTerminal: false,
        _output,
        name => name == TargetOptions.KeyVariable ? KeyVariable : null,
        Interrupts));

    /// <summary>Completes when the console shows the text.</summary>
    public Task Heard(string text) => _console.WhenContains(text);

    public void Dispose() => Interrupts.Dispose();

    private IAnsiConsole Plain(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Width;
        return console;
    }
}
