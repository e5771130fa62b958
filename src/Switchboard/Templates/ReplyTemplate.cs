using HandlebarsDotNet;

namespace Switchboard.Templates;

/// <summary>A reply with Handlebars expressions in it. Values are data: braces inside them are not evaluated, and nothing is escaped.</summary>
internal sealed class ReplyTemplate
{
    // Compiling the first template costs tens of milliseconds of start-up, so a text without expressions never gets there.
    private static readonly Lazy<IHandlebars> Engine = new(() => Handlebars.Create(new HandlebarsConfiguration
    {
        NoEscape = true,
        FormatterProviders = { new SpokenValues() },
    }));

    private readonly string _text;
    private readonly HandlebarsTemplate<object, object>? _template;

    /// <exception cref="HandlebarsException">The text is no valid template.</exception>
    public ReplyTemplate(string text)
    {
        _text = text;
        try
        {
            _template = text.Contains("{{", StringComparison.Ordinal) ? Engine.Value.Compile(text) : null;
        }
        catch (InvalidOperationException fault)
        {
            // What the engine throws at {{#if}} without a condition.
            throw new HandlebarsException("an expression is incomplete.", fault);
        }
    }

    /// <param name="values">Gives the values; asked only when the text has expressions.</param>
    /// <exception cref="HandlebarsException">An expression cannot be evaluated: the engine looks for its helper or partial only now.</exception>
    public string Render(Func<object> values) => _template is null ? _text : _template(values());
}
