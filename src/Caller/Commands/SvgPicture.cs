using System.Globalization;
using System.Net;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caller.Commands;

/// <summary>Draws what a terminal would show, as an SVG with nothing outside it.</summary>
internal static class SvgPicture
{
    private const int Columns = 130;
    private const double CharWidth = 7.8;
    private const double LineHeight = 17;
    private const int Padding = 16;
    private const int Bar = 30;

    public static string Of(string title, Action<IAnsiConsole> write)
    {
        var lines = Split(Record(write));
        var width = (Columns * CharWidth) + (2 * Padding);
        var height = (lines.Count * LineHeight) + Bar + Padding;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0} {height:0}" width="{width:0}" height="{height:0}" role="img" aria-label="{Escape(title)}">
            <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
            <circle cx="18" cy="15" r="5" fill="#ff5f56"/><circle cx="36" cy="15" r="5" fill="#ffbd2e"/><circle cx="54" cy="15" r="5" fill="#27c93f"/>
            <g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="13" fill="#c9d1d9" xml:space="preserve">
            <text x="{width / 2:0}" y="19" text-anchor="middle" fill="#8b949e">{Escape(title)}</text>

            """);
        for (var row = 0; row < lines.Count; row++)
        {
            AppendLine(svg, lines[row], Bar + ((row + 1) * LineHeight));
        }

        return svg.Append("</g>\n</svg>\n").ToString();
    }

    private static List<Segment> Record(Action<IAnsiConsole> write)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.TrueColor,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(TextWriter.Null),
        });
        console.Profile.Width = Columns;
        using var recorder = console.CreateRecorder();
        write(recorder);
        var encoder = new SegmentCollector();
        recorder.Export(encoder);
        return encoder.Segments;
    }

    private static List<List<Segment>> Split(List<Segment> segments)
    {
        var lines = new List<List<Segment>> { new() };
        foreach (var segment in segments.Where(segment => !segment.IsControlCode))
        {
            var parts = segment.Text.ReplaceLineEndings("\n").Split('\n');
            for (var index = 0; index < parts.Length; index++)
            {
                if (index > 0)
                {
                    lines.Add([]);
                }

                if (parts[index].Length > 0)
                {
                    lines[^1].Add(new Segment(parts[index], segment.Style));
                }
            }
        }

        while (lines.Count > 0 && lines[^1].TrueForAll(segment => string.IsNullOrWhiteSpace(segment.Text)))
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private static void AppendLine(StringBuilder svg, List<Segment> line, double y)
    {
        var column = 0;
        foreach (var segment in line)
        {
            var text = segment.Text.TrimEnd(' ');
            if (text.Length > 0)
            {
                var indent = text.Length - text.TrimStart(' ').Length;
                var color = segment.Style.Foreground == Color.Default ? "" : $" fill=\"#{segment.Style.Foreground.ToHex()}\"";
                var bold = segment.Style.Decoration.HasFlag(Decoration.Bold) ? " font-weight=\"bold\"" : "";
                var cells = text.TrimStart(' ').Length;
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Padding + ((column + indent) * CharWidth):0.#}\" y=\"{y:0}\" textLength=\"{cells * CharWidth:0.#}\"{color}{bold}>{Escape(text.TrimStart(' '))}</text>\n");
            }

            column += segment.Text.Length;
        }
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private sealed class SegmentCollector : IAnsiConsoleEncoder
    {
        public List<Segment> Segments { get; } = [];

        public string Encode(IAnsiConsole console, IEnumerable<IRenderable> renderable)
        {
            var options = RenderOptions.Create(console, console.Profile.Capabilities);
            foreach (var item in renderable)
            {
                Segments.AddRange(item.Render(options, console.Profile.Width));
            }

            return "";
        }
    }
}
