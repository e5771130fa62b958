using System.Diagnostics;
using OpenTelemetry;
using Switchboard.Common;
using Switchboard.Masks;

namespace Switchboard.Hosting;

/// <summary>
/// Masks what spans tell of calls, where the settings say so, and takes the description from the status of failed responder spans: it is the message of an exception, which may quote
/// what was said. The type of the exception stays, as <c>error.type</c>.
/// </summary>
/// <param name="withContent">Whether spans may tell what was said: then nothing is taken.</param>
/// <param name="mask">Masks numbers in it; null where none are masked.</param>
internal sealed class ContentFreeSpans(bool withContent, CallMask? mask) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name != SwitchboardSource.GenAI)
        {
            return;
        }

        if ((!withContent || mask is not null) && data.Status == ActivityStatusCode.Error)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }

        if (withContent && mask is not null)
        {
            foreach (var (name, value) in data.TagObjects.ToArray())
            {
                if (value is string text && IsContent(name) && MaskedJson.Of(mask, text) is var masked && masked != text)
                {
                    data.SetTag(name, masked);
                }
            }
        }
    }

    // All but names and ids: what others will be called that hold words is not known.
    private static bool IsContent(string name) =>
        name.StartsWith("gen_ai.", StringComparison.Ordinal) && !name.EndsWith(".id", StringComparison.Ordinal) && !name.EndsWith(".model", StringComparison.Ordinal) && !name.EndsWith(".name", StringComparison.Ordinal);
}
