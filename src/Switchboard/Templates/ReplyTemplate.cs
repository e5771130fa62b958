using HandlebarsDotNet;
using HandlebarsDotNet.Features;
using HandlebarsDotNet.Helpers;
using HandlebarsDotNet.PathStructure;

namespace Switchboard.Templates;

/// <summary>A reply with Handlebars expressions in it. Values are data: braces inside them are not evaluated, and nothing is escaped.</summary>
internal sealed class ReplyTemplate
{
    // Compiling the first template costs tens of milliseconds of start-up, so a text without expressions never gets there.
    private static readonly Lazy<IHandlebars> Engine = new(() => Handlebars.Create(new HandlebarsConfiguration
    {
        NoEscape = true,
        FormatterProviders = { new SpokenValues() },
        CompileTimeConfiguration = { Features = { new LookupOfNothing() } },
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
        catch (InvalidOperationException failure)
        {
            // What the engine throws at {{#if}} without a condition.
            throw new HandlebarsException("an expression is incomplete.", failure);
        }
    }

    /// <param name="values">Gives the values; asked only when the text has expressions.</param>
    /// <exception cref="HandlebarsException">An expression cannot be evaluated: the engine looks for its helper or partial only now.</exception>
    public string Render(Func<object> values) => _template is null ? _text : _template(values());

    // The engine throws at {{lookup a b}} where b is null, which a call may well hold; here that is a value that is missing.
    private sealed class LookupOfNothing : IFeatureFactory, IFeature
    {
        public IFeature CreateFeature() => this;

        public void OnCompiling(ICompiledHandlebarsConfiguration configuration)
        {
            if (configuration.Helpers.TryGetValue("lookup", out var lookup) && lookup!.Value is not Helper)
            {
                lookup.Value = new Helper(lookup.Value);
            }
        }

        public void CompilationCompleted()
        {
        }

        private sealed class Helper(IHelperDescriptor<HelperOptions> lookup) : IHelperDescriptor<HelperOptions>
        {
            public PathInfo Name => lookup.Name;

            public object? Invoke(in HelperOptions options, in Context context, in Arguments arguments) =>
                HasKey(arguments) ? lookup.Invoke(options, context, arguments) : Default(arguments);

            public void Invoke(in EncodedTextWriter output, in HelperOptions options, in Context context, in Arguments arguments)
            {
                if (HasKey(arguments))
                {
                    lookup.Invoke(output, options, context, arguments);
                }
                else
                {
                    output.Write(Default(arguments));
                }
            }

            private static bool HasKey(in Arguments arguments) => arguments.Length < 2 || arguments[1] is not null;

            private static object Default(in Arguments arguments) => arguments.Length > 2 && arguments[2] is { } value ? value : "";
        }
    }
}
