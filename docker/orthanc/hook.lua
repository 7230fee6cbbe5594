-- SPDX-License-Identifier: Apache-2.0
-- Has cxr-localizer localize each study that has become stable, unless nothing but results came in since it last did.
--
-- CXR_LOCALIZER_URL names the service, CXR_LOCALIZER_NODE this Orthanc in its configuration (pacs.nodes).

local url = os.getenv('CXR_LOCALIZER_URL') or 'http://cxr-localizer:8080'
local node = os.getenv('CXR_LOCALIZER_NODE') or 'orthanc'

-- Instances of others, by study, that the service was asked to look at.
local told = {}
-- Studies that the service could not be told of, because it did not answer.
local waiting = {}

local function instancesOfOthers(study)
  local count = 0
  for _, series in ipairs(ParseJson(RestApiGet('/studies/' .. study .. '/series'))) do
    if series['MainDicomTags']['Manufacturer'] ~= 'cxr-localizer' then
      count = count + #series['Instances']
    end
  end
  return count
end

local function tell(study)
  local count = instancesOfOthers(study)
  if count == 0 or told[study] == count then
    return
  end
  local uid = ParseJson(RestApiGet('/studies/' .. study))['MainDicomTags']['StudyInstanceUID']
  -- A header makes the call fail in Orthanc 1.10.1 if its table is empty, so that there is none.
  local answer = HttpPost(url .. '/v1/pacs/' .. node .. '/studies/' .. uid, '')
  if answer and string.find(answer, '"id"', 1, true) then
    told[study] = count
    waiting[study] = nil
  else
    waiting[study] = true
  end
end

function OnStableStudy(study, tags, metadata)
  tell(study)
  for other, _ in pairs(waiting) do
    if other ~= study then
      -- It may have been deleted meanwhile.
      if not pcall(tell, other) then
        waiting[other] = nil
      end
    end
  end
end
