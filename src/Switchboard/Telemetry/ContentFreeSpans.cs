using System.Diagnostics;
using OpenTelemetry;

namespace Switchboard.Telemetry;

/// <summary>
/// Takes the description from the status of failed responder spans: it is the message of an exception, which may quote
/// what was said. The type of the exception stays, as <c>error.type</c>.
/// </summary>
internal sealed class ContentFreeSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == SwitchboardSource.GenAI && data.Status == ActivityStatusCode.Error)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }
    }
}
