using System.Globalization;
using Caller.Check;
using Caller.Platform;
using Caller.Wire;
using Spectre.Console;

namespace Caller.Talk;

/// <summary>Shows a conversation. Speech is written as it comes, past any layout; the rest are whole lines.</summary>
internal sealed class TalkScreen(IAnsiConsole console, Redactor redactor)
{
    private const int MaxFailure = 400;

    private static readonly Style Dim = new(Color.Grey);
    private static readonly Style Action = new(Color.Aqua);
    private static readonly Style Bad = new(Color.Red);

    private bool _inSpeech;
    private string _held = "";

    public void Prompt() => Raw("you   > ");

    public void Echo(string line) => Raw($"{line}\n");

    public void Said(SpokenTurn turn) => Raw($"you   > {turn.Text}\n");

    public void Note(string text) => Line(text, Dim);

    public void Does(string text) => Line($"        -> {text}", Action);

    /// <summary>What went wrong may be a whole page of a web server.</summary>
    public void Fails(string text) => Line($"        !! {Printable.Line(redactor.Clean(text), MaxFailure)}", Bad);

    public void Speech(string text)
    {
        if (!_inSpeech)
        {
            Raw("agent > ");
            _inSpeech = true;
        }

        // The key may come back letter by letter: what could be its beginning waits for what follows.
        var clean = redactor.Clean(_held + text);
        var begun = redactor.Begun(clean);
        _held = clean[^begun..];
        Raw(clean[..^begun]);
    }

    public void Ended(Exchange exchange)
    {
        EndSpeech();
        if (exchange.FirstSpeech is not { } first)
        {
            return;
        }

        var pieces = exchange.Pieces.ToList();
        var span = pieces[^1].At - pieces[0].At;
        var pace = span > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $", {exchange.Text.Length / span.TotalSeconds:0} characters a second") : "";
        var reason = exchange.Chunks.LastOrDefault(chunk => chunk.FinishReason is not null)?.FinishReason;
        Note($"        first speech {Judging.Seconds(first)}, {pieces.Count} pieces in {Judging.Seconds(span)}{pace}{(reason is null ? "" : $", {reason}")}");
    }

    public void EndSpeech()
    {
        if (_inSpeech)
        {
            Raw($"{_held}\n");
            _held = "";
            _inSpeech = false;
        }
    }

    private void Line(string text, Style style)
    {
        EndSpeech();
        if (console.Profile.Capabilities.Ansi)
        {
            console.Write(new Text(Clean(text), style));
            Raw("\n");
        }
        else
        {
            Raw($"{text}\n");
        }
    }

    private void Raw(string text)
    {
        console.Profile.Out.Writer.Write(Clean(text));
        console.Profile.Out.Writer.Flush();
    }

    private string Clean(string text) => redactor.Clean(Printable.Clean(text));
}
