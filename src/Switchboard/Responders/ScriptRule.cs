using System.Text.RegularExpressions;
using HandlebarsDotNet;
using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Templates;

namespace Switchboard.Responders;

/// <summary>One rule of a script: <c>Models:n:Script:m</c>.</summary>
public sealed class ScriptRule
{
    /// <summary>
    /// A .NET regular expression, matched anywhere in the last thing the caller said; letter case is ignored.
    /// Missing: the rule always matches.
    /// </summary>
    public string? When { get; set; }

    /// <summary>
    /// The reply, a Handlebars template: <c>{{match.name}}</c> is the group of that name, <c>{{call.callerNumber}}</c> and the
    /// like come from the call, <c>{{call.userData.field}}</c> from its userData.
    /// </summary>
    public string? Say { get; set; }

    /// <summary>
    /// In the place of <see cref="Say"/>: the file that holds it, below the folder of <c>switchboard.json</c>. UTF-8, at most 256 KiB. Default none.
    /// </summary>
    public string? SayFile { get; set; }

    /// <summary>The call action after the reply: <c>hangup</c>, or <c>transfer</c> to the first number of the model's action of that name. Default none.</summary>
    public string? Do { get; set; }
}

/// <summary>A script rule, ready to run.</summary>
internal sealed class CompiledRule
{
    /// <summary>How long one rule may look at one text, twice: a pattern that backtracks without end must not hold up a call.</summary>
    public static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    private readonly Regex? _when;
    private readonly ReplyTemplate? _say;

    /// <param name="rule">A rule without <see cref="Failures"/>.</param>
    public CompiledRule(ScriptRule rule)
    {
        _when = Pattern(rule.When);
        _say = string.IsNullOrEmpty(rule.Say) ? null : new ReplyTemplate(rule.Say);
        Action = string.IsNullOrEmpty(rule.Do) ? null : rule.Do;
    }

    /// <summary>The call action to ask for; null when there is none.</summary>
    public string? Action { get; }

    /// <summary>What is wrong with a rule, each failure beginning with the name of its setting.</summary>
    public static IEnumerable<string> Failures(ScriptRule rule)
    {
        if ((PatternFailure.OfText(rule.When) ?? PatternFailure.Of(() => Pattern(rule.When))) is { } pattern)
        {
            yield return $"When: {pattern}";
        }

        if (TemplateFailure.Of(rule.Say ?? "", Values(rule.When), text => Render(new ReplyTemplate(text), System.Text.RegularExpressions.Match.Empty, new CallContext())) is { } template)
        {
            yield return $"Say: {template}";
        }

        if (rule.Do is { Length: > 0 } and not (ActionNames.HangUp or ActionNames.Transfer))
        {
            yield return $"Do: {SettingText.NoSuch("call action", rule.Do, [ActionNames.HangUp, ActionNames.Transfer])}";
        }

        if (SpokenAttribute.IsBlank(rule.Say))
        {
            yield return $"Say: {SpokenAttribute.Blank}";
        }

        if (string.IsNullOrEmpty(rule.Say) && string.IsNullOrEmpty(rule.Do))
        {
            yield return "Say: a rule must say or do something.";
        }
    }

    /// <summary>The match in <paramref name="text"/>; null when the rule does not match.</summary>
    /// <exception cref="RegexMatchTimeoutException">The pattern took longer than <see cref="MatchTimeout"/>, twice.</exception>
    public Match? Match(string text)
    {
        if (_when is not { } when)
        {
            return System.Text.RegularExpressions.Match.Empty;
        }

        var match = PatternTime.Twice(() => when.Match(text));
        return match.Success ? match : null;
    }

    /// <exception cref="HandlebarsException">The template cannot be filled for this call.</exception>
    public string Reply(Match match, ChatOptions? options) => _say is null ? "" : Render(_say, match, CallContext.From(options));

    private static string Render(ReplyTemplate template, Match match, CallContext call) =>
        template.Render(() => new Dictionary<string, object?> { ["match"] = Groups(match), ["call"] = CallValues.Of(call) });

    private static Regex? Pattern(string? pattern) =>
        string.IsNullOrEmpty(pattern) ? null : new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchTimeout);

    // What Say can name. Of the groups of a When that is no expression nothing is known; without one there are none.
    private static TemplateValue Values(string? when) => new(new Dictionary<string, TemplateValue>
    {
        ["match"] = PatternFailure.Of(() => Pattern(when)) is not null ? TemplateValue.Open
            : new TemplateValue((Pattern(when)?.GetGroupNames() ?? []).ToDictionary(name => name, _ => TemplateValue.Text)),
        ["call"] = CallValues.Known,
    });

    private static Dictionary<string, string> Groups(Match match) =>
        match.Groups.Values.Where(group => group.Success).ToDictionary(group => group.Name, group => group.Value);
}
