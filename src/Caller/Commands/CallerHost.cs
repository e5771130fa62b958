using Spectre.Console;

namespace Caller.Commands;

/// <summary>What commands need from the world around them; tests give their own.</summary>
/// <param name="Clients">Makes HTTP clients.</param>
/// <param name="Time">The clock.</param>
/// <param name="Console">Where people read.</param>
/// <param name="Error">Where warnings and progress go, so that <c>--json</c> stays clean.</param>
/// <param name="Input">What the user types.</param>
/// <param name="InputIsTerminal">Whether a terminal shows what is typed.</param>
/// <param name="Output">Where <c>--json</c> goes.</param>
/// <param name="Environment">Reads an environment variable.</param>
/// <param name="Interrupts">Ctrl+C.</param>
internal sealed record CallerHost(
    IHttpClientFactory Clients,
    TimeProvider Time,
    IAnsiConsole Console,
    IAnsiConsole Error,
    TextReader Input,
    bool InputIsTerminal,
    Stream Output,
    Func<string, string?> Environment,
    Interrupts Interrupts);
