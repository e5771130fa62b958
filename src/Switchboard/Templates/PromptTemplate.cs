using System.Globalization;
using Switchboard.Contract;

namespace Switchboard.Templates;

/// <summary>The system prompt of a model, with expressions over the call: <c>{{userData.name}}</c> or <c>{{call.userData.name}}</c>, and the local time.</summary>
internal sealed class PromptTemplate
{
    private readonly ReplyTemplate _lasting;
    private readonly ReplyTemplate _changing;
    private readonly TimeZoneInfo _zone;
    private readonly TimeProvider _time;

    public PromptTemplate(string text, string timeZone, TimeProvider time)
    {
        var (lasting, changing) = PromptOrder.Split(text);
        (_lasting, _changing) = (new ReplyTemplate(lasting), new ReplyTemplate(changing));
        _zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        _time = time;
    }

    /// <summary>What is wrong with a prompt; null when nothing is. It is also filled once, since not every failure shows when it is compiled.</summary>
    public static string? Failure(string text)
    {
        var values = Values(new CallContext(), DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc);
        return TemplateFailure.Of(
            text,
            new TemplateValue(values.Keys.ToDictionary(name => name, name => name == "call" ? CallValues.Known : CallValues.Known.Names!.GetValueOrDefault(name, TemplateValue.Text))),
            part => _ = new ReplyTemplate(part).Render(() => values));
    }

    /// <summary>The prompt of a turn: what is the same for all calls, and all the rest.</summary>
    public (string Lasting, string Changing) Render(CallContext call)
    {
        var values = new Lazy<Dictionary<string, object?>>(() => Values(call, _time.GetUtcNow(), _zone));
        return (_lasting.Render(() => values.Value), _changing.Render(() => values.Value));
    }

    private static Dictionary<string, object?> Values(CallContext call, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var values = CallValues.Of(call);
        values["call"] = CallValues.Of(call);
        values["localTime"] = local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        values["localDate"] = local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        values["weekday"] = local.ToString("dddd", CultureInfo.InvariantCulture);
        values["timeZone"] = zone.Id;
        return values;
    }
}
