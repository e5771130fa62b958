using HandlebarsDotNet;

namespace Switchboard.Responders;

/// <summary>A reply with Handlebars expressions in it. Values are data: braces inside them are not evaluated, and nothing is escaped.</summary>
internal sealed class ReplyTemplate
{
    // Compiling the first template costs tens of milliseconds of start-up, so a text without expressions never gets there.
    private static readonly Lazy<IHandlebars> Engine = new(() => Handlebars.Create(new HandlebarsConfiguration { NoEscape = true }));

    private readonly string _text;
    private readonly HandlebarsTemplate<object, object>? _template;

    /// <exception cref="HandlebarsException">The text is no valid template.</exception>
    public ReplyTemplate(string text)
    {
        _text = text;
        _template = text.Contains("{{", StringComparison.Ordinal) ? Engine.Value.Compile(text) : null;
    }

    /// <param name="values">Gives the values; asked only when the text has expressions.</param>
    public string Render(Func<object> values) => _template is null ? _text : _template(values());
}
