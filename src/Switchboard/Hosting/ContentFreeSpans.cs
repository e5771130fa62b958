using System.Diagnostics;
using OpenTelemetry;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>
/// Takes the description from the status of failed responder spans: it is the message of an exception, which may quote
/// what was said. The type of the exception stays, as <c>error.type</c>.
/// </summary>
/// <param name="withContent">Whether spans may tell what was said: then nothing is taken.</param>
internal sealed class ContentFreeSpans(bool withContent) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (!withContent && data.Source.Name == SwitchboardSource.GenAI && data.Status == ActivityStatusCode.Error)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }
    }
}
