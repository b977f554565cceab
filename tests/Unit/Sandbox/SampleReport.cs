using System.Globalization;
using System.Text.Json.Nodes;

namespace VteWats.Unit.Sandbox;

/// <summary>A faultless report as JSON that a test can change as it likes.</summary>
internal static class SampleReport
{
    public static JsonObject New(Guid? id = null, string serial = "SN-0001", DateTimeOffset? start = null)
    {
        var at = start ?? new DateTimeOffset(2024, 3, 2, 8, 15, 30, 123, TimeSpan.FromHours(1));
        return JsonNode.Parse($$"""
        {"type":"T","id":"{{id ?? Guid.NewGuid()}}","pn":"PN-100","sn":"{{serial}}","rev":"A",
         "processCode":100,"result":"F","machineName":"VTE-07","location":"Oslo","purpose":"Production",
         "start":"{{at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture)}}",
         "startUTC":"{{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)}}",
         "uut":{"user":"op1","execTime":41.5,"batchSN":"LOT-9"},
         "miscInfos":[{"description":"Info1","text":"first"}],
         "subUnits":[{"partType":"Board","pn":"PN-7","sn":"B-1","rev":"C"}],
         "root":{"id":1,"group":"M","stepType":"SequenceCall","name":"Main","status":"F","totTime":41.5,
          "seqCall":{"path":"VTE/Main","name":"Main Plan","version":"1.4"},
          "steps":[
           {"id":2,"group":"M","stepType":"ET_NLT","name":"Idle current","status":"F","causedSeqFailure":true,
            "numericMeas":[{"compOp":"LE","status":"F","unit":"A","value":0.35,"lowLimit":0.2}]},
           {"id":3,"group":"M","stepType":"ET_MNLT","name":"Rails","status":"P",
            "numericMeas":[{"name":"5V","compOp":"GELE","status":"P","unit":"V","value":5.01,"lowLimit":4.9,"highLimit":5.1},
                           {"name":"3V3","compOp":"GELE","status":"P","unit":"V","value":3.3,"lowLimit":3.2,"highLimit":3.4}]},
           {"id":4,"group":"M","stepType":"ET_SVT","name":"Firmware","status":"P",
            "stringMeas":[{"compOp":"EQ","status":"P","value":"1.2.3","limit":"1.2.3"}]},
           {"id":5,"group":"M","stepType":"ET_PFT","name":"LED","status":"P","booleanMeas":[{"status":"P"}]},
           {"id":6,"group":"C","stepType":"ET_A","name":"Cleanup","status":"D"}]} }
        """)!.AsObject();
    }
}
