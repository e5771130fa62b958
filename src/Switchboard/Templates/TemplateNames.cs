using System.Globalization;
using Switchboard.Common;

namespace Switchboard.Templates;

/// <summary>What a name of a template leads to, as far as it is known before there is a call.</summary>
/// <param name="Names">What there is below it; null where anything may be.</param>
internal sealed record TemplateValue(IReadOnlyDictionary<string, TemplateValue>? Names)
{
    /// <summary>A value of which nothing is known.</summary>
    public static TemplateValue Open { get; } = new(Names: null);

    /// <summary>A text, of which the engine has the length.</summary>
    public static TemplateValue Text { get; } = new(new Dictionary<string, TemplateValue> { ["length"] = Open, ["Length"] = Open });
}

/// <summary>
/// Finds the names of a template that lead nowhere, whoever calls: what they name would always come out empty. It goes through the blocks as the engine does:
/// <c>with</c>, <c>each</c> and a block of a value go into the value, <c>if</c> and <c>unless</c> do not, and neither does what stands behind <c>else</c>.
/// </summary>
/// <param name="root">What the template can name outside of all blocks.</param>
internal sealed class TemplateNames(TemplateValue root)
{
    private const int MaxShown = 60;

    // What people call things that there are.
    private static readonly Dictionary<string, string> Meanings = new (string Meant, string[] Words)[]
    {
        ("userData.name", ["name", "username", "firstname", "callername", "customername"]),
        ("userData.room", ["room"]),
        ("userData", ["user", "customer", "data", "metadata"]),
        ("callerNumber", ["caller", "phone", "number", "phonenumber", "callerid", "from"]),
        ("calleeNumber", ["callee", "called", "to"]),
        ("instanceId", ["callid", "conversationid", "sessionid"]),
        ("localTime", ["now", "time", "datetime"]),
        ("localDate", ["date", "today"]),
        ("weekday", ["day"]),
        ("timeZone", ["zone"]),
    }.SelectMany(meaning => meaning.Words, (meaning, word) => (word, meaning.Meant)).ToDictionary();

    private static readonly string[] OfLoops = ["@index", "@key", "@first", "@last", "@value"];

    private readonly List<Block> _blocks = [];

    /// <summary>What is wrong with the names of an expression, and goes on into its block or out of it.</summary>
    public string? Failure(TemplateTag tag)
    {
        if (tag.Closes)
        {
            _blocks.RemoveAt(_blocks.Count - 1);
            return null;
        }

        if (tag.IsElse)
        {
            _blocks[^1] = _blocks[^1] with { IsInside = _blocks[^1].IsInverted };
            return tag.Words.Count > 2 ? Called(tag.Words.Skip(1)) : null;
        }

        var (words, parameters) = Parameters(tag.Words);
        var isHelped = words.Count > 1;
        if ((isHelped ? Called(words) : Named(words[0])) is { } failure)
        {
            return failure;
        }

        if (tag.Opens)
        {
            var inner = words is ["with", var subject, ..] ? Value(subject) : TemplateValue.Open;
            _blocks.Add(new Block(words[0] is not ("if" or "unless"), words[0] is not ("if" or "unless" or "with"), inner, parameters, tag.Mark == "^") { IsInside = tag.Mark != "^" });
        }

        return null;
    }

    private string? Called(IEnumerable<string> call)
    {
        List<string> words = [.. call];
        // The engine takes a key that is the name of nothing for the key itself.
        return words is ["lookup", var owner, var key, .. var defaults]
            ? Inner(owner) ?? (IsQuoted(key) ? defaults.Count == 0 && IsName(owner) ? Named($"{owner}.[{key[1..^1]}]") : null
                : IsName(key) && TemplatePath.Of(key) is { Defect: null, Names.Count: < 2 } ? null : Inner(key)) ?? defaults.Select(Inner).FirstOrDefault(failure => failure is not null)
            : words.Skip(1).Select(Inner).FirstOrDefault(failure => failure is not null);
    }

    private string? Inner(string word) => IsNested(word) ? Called(TemplateTag.Split(word[1..^1])) : IsName(word) ? Named(word) : null;

    private string? Named(string word)
    {
        var path = TemplatePath.Of(word);
        var shown = Shown(word);
        if (path.Defect is { } defect)
        {
            return $"'{shown}' {defect}";
        }

        if (path.Data is { } data)
        {
            return data == "@root" ? word.StartsWith("@root/", StringComparison.Ordinal) ? $"there is no value '{shown}'; did you mean {Shown(path.ToString())}?" : Missing(root, path)
                : !OfLoops.Contains(data) ? $"there is no value '{Shown(data)}'; there are @root, {string.Join(", ", OfLoops)}{SettingText.DidYouMean(data, [.. OfLoops, "@root"]).TrimEnd('.')}"
                : _blocks.Exists(block => block.IsLoop) ? null
                : $"'{shown}' is nothing outside of {{{{#each x}}}}";
        }

        var around = _blocks.Where(block => block.Enters).ToList();
        if (path.Up > around.Count)
        {
            return $"'{shown}' leads out of all blocks; {{{{#if}}}} and {{{{#unless}}}} are none{(around.Count == 0 && Missing(root, path) is null && path.Names.Count > 0 ? $"; did you mean {Shown(path.ToString())}?" : "")}";
        }

        return Scope(path) is { } scope ? Missing(scope, path) : null;
    }

    // Where the first name of a path is looked for; null for one that a block has given.
    private TemplateValue? Scope(TemplatePath path)
    {
        if (path is { Up: 0, IsOwn: false, Names: [var name, ..] } && _blocks.Exists(block => block.Parameters.Contains(name)))
        {
            return null;
        }

        var around = _blocks.Where(block => block.Enters).ToList();
        return around.Count == path.Up ? root : around[^(path.Up + 1)].Inner;
    }

    private TemplateValue Value(string word)
    {
        if (!IsName(word))
        {
            return TemplateValue.Open;
        }

        var path = TemplatePath.Of(word);
        var value = path.Data is "@root" ? root : path.Data is null ? Scope(path) : null;
        foreach (var name in path.Names)
        {
            value = value?.Names?.GetValueOrDefault(name);
        }

        return value ?? TemplateValue.Open;
    }

    private static string? Missing(TemplateValue scope, TemplatePath path)
    {
        var value = scope;
        for (var at = 0; at < path.Names.Count && value.Names is { } names; at++)
        {
            if (!names.TryGetValue(path.Names[at], out var below))
            {
                var owner = string.Concat(path.Names.Take(at).Select(name => $"{name}."));
                return value == TemplateValue.Text ? $"there is nothing below '{Shown(owner.TrimEnd('.'))}', which is a text"
                    : $"there is no value '{Shown(owner + path.Names[at])}'; {Instead(names, owner, path.Names[at], [.. path.Names.Skip(at + 1)])}";
            }

            value = below;
        }

        return null;
    }

    private static string Instead(IReadOnlyDictionary<string, TemplateValue> names, string owner, string name, IReadOnlyList<string> rest)
    {
        var meant = Meant(names, name) is { } near ? string.Join('.', [near, .. rest]) : null;
        if (meant is not null && (!rest.Any() || Leads(new TemplateValue(names), meant)))
        {
            return $"did you mean {Shown(owner + meant)}?";
        }

        var data = names.ContainsKey("userData") ? "userData" : names.TryGetValue("call", out var call) && call.Names?.ContainsKey("userData") is true ? "call.userData" : null;
        return (names.Count == 0 ? "the rule has no When, whose groups these are" : $"{(owner.Length == 0 ? "" : $"below {Shown(owner.TrimEnd('.'))} ")}there are {(owner == "match." ? "the groups " : "")}{string.Join(", ", names.Keys.Select(Shown))}")
            + (data is null ? "" : $"; what an app tells of its call is below {owner}{data}, such as {Shown($"{owner}{data}.{string.Join('.', [name, .. rest])}")}");
    }

    private static string? Meant(IReadOnlyDictionary<string, TemplateValue> names, string name)
    {
        // In a script the values stand one step further down.
        var below = names.Where(known => known.Value.Names is not null && known.Value != TemplateValue.Text).ToList();
        if (below.FirstOrDefault(known => known.Value.Names!.ContainsKey(name)).Key is { } owner)
        {
            return $"{owner}.{name}";
        }

        var word = string.Concat(name.Where(char.IsAsciiLetter)).ToLower(CultureInfo.InvariantCulture);
        if (Meanings.TryGetValue(word, out var meaning) && below.Select(known => $"{known.Key}.{meaning}").Prepend(meaning).FirstOrDefault(path => Leads(new TemplateValue(names), path)) is { } path)
        {
            return path;
        }

        return SettingText.Nearest(name, names.Keys)
            ?? below.Select(known => SettingText.Nearest(name, known.Value.Names!.Keys) is { } near ? $"{known.Key}.{near}" : null).FirstOrDefault(near => near is not null);
    }

    private static bool Leads(TemplateValue value, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (value.Names is null)
            {
                return true;
            }

            if (!value.Names.TryGetValue(name, out var below))
            {
                return false;
            }

            value = below;
        }

        return true;
    }

    // {{#each x as |value key|}}
    private static (IReadOnlyList<string> Words, IReadOnlyCollection<string> Names) Parameters(IReadOnlyList<string> words)
    {
        var at = words.Index().FirstOrDefault(word => word.Index > 0 && word.Item == "as" && words.ElementAtOrDefault(word.Index + 1) is ['|', ..]).Index;
        return at == 0 ? (words, []) : ([.. words.Take(at)], string.Join(' ', words.Skip(at + 1)).Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsNested(string word) => word[0] == '(';

    private static bool IsQuoted(string word) => word.Length > 1 && word[0] is '"' or '\'';

    // No text, number or truth value, and no argument with a name of its own (includeZero=true).
    private static bool IsName(string word) => !IsNested(word) && !IsQuoted(word) && word is not ("true" or "false" or "null" or "undefined") && !word.Contains('=', StringComparison.Ordinal)
        && !decimal.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private static string Shown(string name) => LogText.Clean(name, MaxShown)!;

    /// <param name="GoesIn">Whether its body is about another value.</param>
    /// <param name="Repeats">Whether it may have its body once for each item.</param>
    /// <param name="Inner">That value.</param>
    /// <param name="Given">The names that it gives.</param>
    /// <param name="IsInverted">Whether its body stands behind <c>else</c>.</param>
    private sealed record Block(bool GoesIn, bool Repeats, TemplateValue Inner, IReadOnlyCollection<string> Given, bool IsInverted)
    {
        /// <summary>Whether the template is in its body now.</summary>
        public required bool IsInside { get; init; }

        public bool Enters => GoesIn && IsInside;

        public bool IsLoop => Repeats && IsInside;

        public IReadOnlyCollection<string> Parameters => IsInside ? Given : [];
    }
}
