using System.Text.Json;
using System.Text.RegularExpressions;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>
/// Finds in the body of a refusal what is to be changed for the request to be taken: the optional fields that it names. Of what it says nothing
/// is kept: it may quote the request.
/// </summary>
/// <remarks>
/// Seen at OpenAI and Azure OpenAI: https://github.com/owndev/Open-WebUI-Functions/issues/98, https://github.com/pydantic/pydantic-ai/issues/169,
/// https://github.com/tmc/langchaingo/issues/1484, https://github.com/GoogleChromeLabs/webmcp-tools/issues/417; Mistral:
/// https://github.com/editor-code-assistant/eca/issues/231; Gemini: https://github.com/ed-donner/agents/issues/45; Groq: https://github.com/fanenr/chatbot/issues/21;
/// xAI: https://github.com/BerriAI/litellm/pull/16265, https://github.com/yym68686/uni-api/issues/105; vLLM: https://github.com/modelscope/ms-agent/issues/489,
/// https://github.com/vllm-project/vllm/issues/12864; DeepSeek: https://github.com/num-scope/pix/issues/34; DashScope: https://github.com/haru/redmine_ai_helper/issues/242;
/// Moonshot: https://github.com/XCNXNXNX/dsh-portable-tavern/issues/1; Fireworks: https://github.com/FlowiseAI/Flowise/issues/2866.
/// </remarks>
internal static partial class UpstreamRefusal
{
    // A value that is refused says nothing about another one, where the platform chooses it turn by turn.
    private static readonly string[] ValueCounts = [RequestShape.MaxTokensField, RequestShape.MaxCompletionTokensField, "response_format", "tool_choice", "stop", "logit_bias"];

    private static readonly string[] Thinking = ["reasoning_effort", "reasoning", "thinking", "enable_thinking", "chat_template_kwargs"];

    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

    /// <param name="answer">The body of the answer, or the beginning of one.</param>
    /// <param name="request">The request that was refused.</param>
    /// <param name="shape">How it was shaped.</param>
    /// <returns>What is to be changed; empty where nothing can be.</returns>
    public static IReadOnlyList<UpstreamLesson> Read(ReadOnlySpan<byte> answer, ReadOnlyMemory<byte> request, RequestShape shape)
    {
        try
        {
            return Find(answer, request, shape);
        }
        catch (RegexMatchTimeoutException)
        {
            // Whoever writes such an error does not mean to teach.
            return [];
        }
    }

    private static UpstreamLesson[] Find(ReadOnlySpan<byte> answer, ReadOnlyMemory<byte> request, RequestShape shape)
    {
        using var asked = JsonDocument.Parse(request);
        var sent = new SentFields(asked.RootElement);
        var said = new RefusalTexts(answer);
        if (said.IsOfContent)
        {
            return [];
        }

        var lessons = new List<UpstreamLesson>();
        foreach (var text in said.Texts)
        {
            OfWants(text, sent, lessons);
            OfEffort(text, sent, lessons);
        }

        if (lessons.Count > 0)
        {
            return [.. lessons.Distinct()];
        }

        var isOfField = said.Texts.Count == 0 || said.Texts.Exists(text => Unknown().IsMatch(text));
        foreach (var field in said.Fields)
        {
            Add(sent.Find(field), isOfField);
        }

        if (lessons.Count == 0 && sent.HasDeveloper && said.Texts.Exists(text => Role().IsMatch(text)))
        {
            lessons.Add(UpstreamLesson.NoDeveloper);
        }

        // Beside the name of a field its message only explains, and what is said of a needed one is not about the others.
        if (lessons.Count == 0 && !said.Fields.Exists(SentFields.IsNeeded))
        {
            foreach (var sentence in said.Texts.SelectMany(text => SentenceEnd().Split(text)))
            {
                var isUnknown = Unknown().IsMatch(sentence);
                var fields = isUnknown || BadValue().IsMatch(sentence) ? Name().Matches(sentence).Select(name => sent.Find(name.Groups["name"].Value)).Where(field => field is not null) : [];
                foreach (var field in Listed().IsMatch(sentence) ? fields : fields.Take(1))
                {
                    Add(field, isUnknown);
                }
            }
        }

        // Some call by one name what was sent by another: Ollama says "think", https://github.com/ollama/ollama/issues/12561
        if (lessons.Count == 0 && !said.Fields.Exists(SentFields.IsNeeded) && said.Texts.SelectMany(text => SentenceEnd().Split(text)).Any(sentence => Think().IsMatch(sentence) && Unknown().IsMatch(sentence)))
        {
            Add(Array.Find(Thinking, field => sent.Find(field) == field), isUnknown: true);
        }

        return [.. lessons.Distinct()];

        void Add(string? field, bool isUnknown)
        {
            if (field is null)
            {
                return;
            }

            lessons.Add(field switch
            {
                SentFields.Role => UpstreamLesson.NoDeveloper,
                RequestShape.MaxTokensField or RequestShape.MaxCompletionTokensField when isUnknown && shape.TokenLimit == field && !shape.IsOtherLimit => UpstreamLesson.OtherLimit(field),
                _ => UpstreamLesson.LeaveOut(field) with
                {
                    BesideTools = sent.HasTools && said.Texts.Any(text => Tools().IsMatch(text)) && field is not ("tool_choice" or "parallel_tool_calls"),
                    OfValue = !isUnknown && ValueCounts.Contains(field) ? sent.Value(field) : null,
                },
            });
        }
    }

    // What a service wants back with tool calls, and did not get.
    private static void OfWants(string text, SentFields sent, List<UpstreamLesson> lessons)
    {
        if (sent.HasCalls && Missing().IsMatch(text))
        {
            if (text.Contains("thought_signature", StringComparison.OrdinalIgnoreCase))
            {
                lessons.Add(UpstreamLesson.WantsSignatures);
            }
            else if (text.Contains(Thoughts.ReasoningField, StringComparison.OrdinalIgnoreCase))
            {
                lessons.Add(UpstreamLesson.WantsReasoning);
            }
        }
    }

    // An effort that is not had may stand beside those that are.
    private static void OfEffort(string text, SentFields sent, List<UpstreamLesson> lessons)
    {
        if (!Think().IsMatch(text))
        {
            return;
        }

        if (sent.HasTools && sent.Effort is not "none" && ToNone().IsMatch(text))
        {
            // Without any it would think by itself, and refuse again.
            lessons.Add(UpstreamLesson.Set("reasoning_effort", "none") with { BesideTools = true });
        }
        else if (sent.Effort is { } effort && Supported().Match(text) is { Success: true } supported)
        {
            var rank = Array.IndexOf(Efforts, effort);
            var had = Efforts.Where(other => other != effort && Regex.IsMatch(supported.Value, $@"\b{other}\b", RegexOptions.CultureInvariant)).ToList();
            if (had.MinBy(other => Math.Abs(Array.IndexOf(Efforts, other) - rank)) is { } nearest)
            {
                lessons.Add(UpstreamLesson.Set("reasoning_effort", nearest));
            }
        }
    }

    [GeneratedRegex(
        """unsupported|not (?:currently |yet )?(?:be )?support|n['’]t (?:support|available|allowed|enabled|permitted|recogni[sz]ed)|unknown|unrecogni[sz]ed|not recogni[sz]ed|unexpected|not permitted|not allowed|only allowed|not accept|cannot find field|extra (?:input|field|param)|additional propert|forbidden|deprecated|no such (?:field|param)|not a valid (?:field|param|arg)|not available|unavailable|not enabled|cannot (?:both )?be (?:used|set|specified|combined|provided|disabled)|mandatory|restricted to|may only be|can only be|mutually exclusive|incompatible|must (?:not be|be removed)|不支持|未知|不允许""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unknown();

    [GeneratedRegex("""invalid|illegal|not valid|out of range|must be|should be|expected|greater than|less than|too (?:large|small|high|low|long)|at (?:most|least)|maximum allowed|(?:valid|supported) range|only .* (?:is|are) allowed|exceed|无效|非法|超出""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BadValue();

    // Several fields in a row, all of them refused.
    [GeneratedRegex(@"supplied:|unexpected\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listed();

    // In quotes, or looking like no word of a sentence, or where a name is expected.
    [GeneratedRegex(
        """(?<![A-Za-z0-9_])(?:['"`“‘](?<name>[A-Za-z][A-Za-z0-9_.\[\]-]*)['"`”’]|(?<name>[A-Za-z][A-Za-z0-9_]*[._][A-Za-z0-9_][A-Za-z0-9_.]*)|(?<name>[a-z]+[A-Z][A-Za-z0-9_]*)|(?<name>[A-Za-z0-9_]+)(?= ?参数)|(?<=(?i:param(?:eter)?s?|arguments?|fields?|propert(?:y|ies)|options?|keys?|inputs?|names?|supplied|model|invalid|range of|参数)[^A-Za-z]{1,3})(?<name>[A-Za-z][A-Za-z0-9_]*)|(?<name>[A-Za-z][A-Za-z0-9_]*)(?==| value\b)|(?<=supplied:[A-Za-z0-9_ ,]*, )(?<name>[A-Za-z0-9_]+)|(?<=^[^A-Za-z]*|: |:")(?<name>[A-Za-z][A-Za-z0-9_]*)(?=:| (?:is|are|was|cannot|must|parameter|field|and)\b|\s*$))""",
        RegexOptions.CultureInvariant | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"[.;!]\s+|\n\s*\n|。", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"['""`]developer['""`]|\bdeveloper is not\b|\brole\b.{0,60}\bdeveloper\b|\bdeveloper\b.{0,40}\brole\b|unexpected (?:message )?role|(?:unknown|invalid|unsupported) (?:message )?role|messages?\W{0,4}\d*\W{0,4}role|['""`]role['""`] has (?:an )?invalid|\bonly .{0,60}\broles? (?:is|are)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Role();

    [GeneratedRegex(@"\btools?\b|function call", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tools();

    [GeneratedRegex(@"\bthink(?:ing)?\b|reasoning", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Think();

    [GeneratedRegex(@"missing|must be (?:passed|provided|included|present)|required|not provided", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex("""reasoning_effort to ['"`]?none""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ToNone();

    [GeneratedRegex(@"(?:(?:supported|allowed|valid|permitted) values|expected|must be|should be|one of)\b.*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Supported();
}
